package org.eegvlm.vision.render;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes greys as PNG (ISO/IEC 15948): one byte a pixel, no filter, which would only spread the sharp lines' values. */
final class GreyPng {

    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final byte[] EIGHT_BITS_OF_GREY = {8, 0, 0, 0, 0};
    private static final int HEADER_BYTES = 13;

    /** What a chunk has besides its content: a length, a name and a checksum. */
    private static final int CHUNK_BYTES = 3 * Integer.BYTES;

    private GreyPng() {}

    static byte[] of(int width, int height, byte[] pixels) {
        var lines = new byte[height * (width + 1) + RunTokens.SPARE]; // each begins with its filter, 0
        for (int y = 0; y < height; y++) {
            System.arraycopy(pixels, y * width, lines, y * (width + 1) + 1, width);
        }
        var deflater = new RunDeflater(lines);
        var file = ByteBuffer.allocate(Long.BYTES + 3 * CHUNK_BYTES + HEADER_BYTES + deflater.size());
        file.putLong(SIGNATURE);
        begin(file, "IHDR", HEADER_BYTES);
        file.putInt(width).putInt(height).put(EIGHT_BITS_OF_GREY);
        end(file, HEADER_BYTES);
        begin(file, "IDAT", deflater.size());
        deflater.writeTo(file);
        end(file, deflater.size());
        begin(file, "IEND", 0);
        end(file, 0);
        return file.array();
    }

    private static void begin(ByteBuffer file, String type, int length) {
        file.putInt(length).put(type.getBytes(StandardCharsets.US_ASCII));
    }

    /** The checksum is of the type and the content. */
    private static void end(ByteBuffer file, int length) {
        int checked = Integer.BYTES + length;
        var check = new CRC32();
        check.update(file.array(), file.position() - checked, checked);
        file.putInt((int) check.getValue());
    }
}
