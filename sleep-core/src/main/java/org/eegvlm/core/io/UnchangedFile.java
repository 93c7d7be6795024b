package org.eegvlm.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.MalformedDataException;

/**
 * A file that is read more than once. Every reading sees the bytes that stood there at first, or fails before it gives another:
 * what came of an earlier part of a reading stays right, whatever becomes of the file.
 *
 * @param blocks SHA-256 of each MiB, the last of which may be shorter
 */
public record UnchangedFile(Path path, List<String> blocks) {

    private static final int BLOCK = 1 << 20;

    public UnchangedFile {
        blocks = List.copyOf(blocks);
    }

    /** The file as it stands there. */
    public static UnchangedFile of(Path path) throws IOException {
        var blocks = new ArrayList<String>();
        try (var bytes = Files.newInputStream(path)) {
            for (var block = bytes.readNBytes(BLOCK); block.length > 0; block = bytes.readNBytes(BLOCK)) {
                blocks.add(Sha256.of(block));
            }
        }
        return new UnchangedFile(path, blocks);
    }

    /** Begins to read it; the stream throws {@link MalformedDataException} where the file is no longer what it was. */
    public InputStream open() throws IOException {
        return new Checked(Files.newInputStream(path));
    }

    private final class Checked extends InputStream {

        private final InputStream bytes;
        private byte[] block = {};
        private int next;
        private int at;

        Checked(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            return ended() ? -1 : block[at++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0 || ended()) {
                return length == 0 ? 0 : -1;
            }
            int count = Math.min(length, block.length - at);
            System.arraycopy(block, at, target, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }

        /** Looks for more first. */
        private boolean ended() throws IOException {
            if (at == block.length) {
                block = bytes.readNBytes(BLOCK);
                at = 0;
                requireUnchanged();
                next++;
            }
            return block.length == 0;
        }

        private void requireUnchanged() throws MalformedDataException {
            boolean same = next < blocks.size() ? Sha256.of(block).equals(blocks.get(next)) : block.length == 0;
            if (!same) {
                throw new MalformedDataException(path, "was changed while it was read; start again");
            }
        }
    }
}
