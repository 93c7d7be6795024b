package org.eegvlm.vision.render;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes greys as PNG (ISO/IEC 15948): one byte a pixel, no filter, which would only spread the sharp lines' values. */
final class GreyPng {

    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final byte[] EIGHT_BITS_OF_GREY = {8, 0, 0, 0, 0};

    private GreyPng() {}

    static byte[] of(int width, int height, byte[] pixels) {
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(EIGHT_BITS_OF_GREY);
        var file = new ByteArrayOutputStream(pixels.length / 4);
        file.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(SIGNATURE).array());
        chunk(file, "IHDR", header.array());
        chunk(file, "IDAT", deflated(width, height, pixels));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static byte[] deflated(int width, int height, byte[] pixels) {
        var filtered = new byte[height * (width + 1)]; // each line begins with its filter, 0
        for (int y = 0; y < height; y++) {
            System.arraycopy(pixels, y * width, filtered, y * (width + 1) + 1, width);
        }
        return RunDeflater.zlib(filtered);
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
        var name = type.getBytes(StandardCharsets.US_ASCII);
        var check = new CRC32();
        check.update(name);
        check.update(content);
        file.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) check.getValue())
                .array());
    }
}
