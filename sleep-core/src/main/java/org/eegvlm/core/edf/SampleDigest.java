package org.eegvlm.core.edf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.eegvlm.core.Channel;
import org.eegvlm.core.io.Sha256;

/** SHA-256 over a channel's digital samples as little-endian int32: the same whichever program reads them. */
final class SampleDigest {

    private static final int SAMPLES_AT_ONCE = 1 << 12;

    private SampleDigest() {}

    static String of(EdfRecording recording, Channel channel) throws IOException {
        var digest = Sha256.digest();
        var bytes = ByteBuffer.allocate(4 * SAMPLES_AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);
        recording.forEachBlock(channel, (digital, length, at) -> update(digest, bytes, digital, length));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, ByteBuffer bytes, int[] digital, int length) {
        for (int from = 0; from < length; from += SAMPLES_AT_ONCE) {
            int count = Math.min(SAMPLES_AT_ONCE, length - from);
            bytes.asIntBuffer().put(digital, from, count);
            digest.update(bytes.array(), 0, 4 * count);
        }
    }
}
