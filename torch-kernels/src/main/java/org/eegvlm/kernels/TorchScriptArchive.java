package org.eegvlm.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs method definitions into a TorchScript archive: a stored zip with a pickled empty module and its code.
 *
 * <p>The layout is what {@code torch.jit.save} writes for a module without parameters (file format version 10), so that
 * the same bytes load in Python with {@code torch.jit.load}.
 */
final class TorchScriptArchive {

    private static final String NAME = "Kernels";

    /** Pickle, protocol 2: an instance of {@code __torch__.Kernels} whose only attribute is {@code training = False}. */
    private static final byte[] MODULE_PICKLE = concat(
            new byte[] {(byte) 0x80, 2, 'c'},
            ascii("__torch__\n" + NAME + "\n"),
            new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0},
            ascii("training"),
            new byte[] {'q', 1, (byte) 0x89, 'u', 'b', '.'});

    /** Pickle, protocol 2: an empty tuple. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private TorchScriptArchive() {}

    /** @param definitions {@code def}s at no indentation, each with {@code self} first */
    static byte[] pack(String definitions) throws IOException {
        var code = "class %s(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n\n%s"
                .formatted(NAME, definitions.indent(2));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "kernels/data.pkl", MODULE_PICKLE);
            store(zip, "kernels/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "kernels/constants.pkl", NO_CONSTANTS);
            store(zip, "kernels/version", ascii("10\n"));
            store(zip, "kernels/byteorder", ascii("little"));
        }
        return bytes.toByteArray();
    }

    /** libtorch reads entries in place, so they must not be compressed. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
