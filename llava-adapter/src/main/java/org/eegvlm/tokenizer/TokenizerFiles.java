package org.eegvlm.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.core.MalformedDataException;

/** Finds the tokenizer of a model by the files that are there. */
final class TokenizerFiles {

    /** llama2.c's checkpoint begins with seven numbers; a negative vocabulary size says that the head is not shared. */
    private static final int CHECKPOINT_HEADER = 7 * Integer.BYTES;

    private static final int VOCABULARY_SIZE_AT = 5 * Integer.BYTES;

    private TokenizerFiles() {}

    static LlamaTokenizer load(Path model) throws IOException {
        if (Files.isRegularFile(model)) {
            return besideCheckpoint(model);
        }
        var files = FolderFiles.open(model);
        var pieces = files.file("tokenizer.model");
        if (pieces.isPresent()) {
            return SentencePieceTokenizer.open(pieces.get(), TokenizerSettings.read(files));
        }
        var json = files.file("tokenizer.json");
        if (json.isPresent()) {
            return JsonTokenizer.open(json.get(), TokenizerSettings.read(files));
        }
        return Llama2cTokenizer.open(inFolder(files)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no tokenizer in %s: it needs tokenizer.model, tokenizer.json, tokenizer.bin or one tok*.bin"
                                .formatted(model))));
    }

    /** A checkpoint's vocabulary tells which of several tokenizers is its own. */
    private static LlamaTokenizer besideCheckpoint(Path checkpoint) throws IOException {
        int tokens = vocabularySize(checkpoint);
        for (var name : List.of("tok%d.bin".formatted(tokens), "tokenizer.bin")) {
            var file = checkpoint.resolveSibling(name);
            if (Files.isRegularFile(file)) {
                var tokenizer = Llama2cTokenizer.open(file);
                if (tokenizer.vocabularySize() != tokens) {
                    throw new MalformedDataException(
                            file, "%d tokens, but %s has %d".formatted(tokenizer.vocabularySize(), checkpoint, tokens));
                }
                return tokenizer;
            }
        }
        throw new IllegalArgumentException(
                "no tokenizer beside %s: it needs tok%d.bin or tokenizer.bin".formatted(checkpoint, tokens));
    }

    private static int vocabularySize(Path checkpoint) throws IOException {
        byte[] header;
        try (var in = Files.newInputStream(checkpoint)) {
            header = in.readNBytes(CHECKPOINT_HEADER);
        }
        if (header.length < CHECKPOINT_HEADER) {
            throw new MalformedDataException(checkpoint, "is no llama2.c checkpoint: it has no header");
        }
        return Math.abs(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(VOCABULARY_SIZE_AT));
    }

    private static Optional<Path> inFolder(FolderFiles folder) throws IOException {
        var file = folder.file("tokenizer.bin");
        if (file.isPresent()) {
            return file;
        }
        try (var files = Files.newDirectoryStream(folder.path(), "tok[0-9]*.bin")) {
            var found = files.iterator();
            var first = found.hasNext() ? String.valueOf(found.next().getFileName()) : "";
            // Which of several it is, nothing here tells.
            return first.isEmpty() || found.hasNext() ? Optional.empty() : folder.file(first);
        }
    }
}
