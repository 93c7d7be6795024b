package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.Set;

/**
 * The steps around the model in a {@code tokenizer.json}: {@code normalizer}, {@code pre_tokenizer} and {@code
 * decoder}. Only steps known here get through, with the fields known here.
 */
final class TokenizerSteps {

    /** The longest text that a step may put in. */
    private static final int LONGEST_TEXT = 16;

    private static final int LARGEST_COUNT = 16;
    private static final int MOST_STEPS = 16;

    /** How many times longer a normaliser may make a text. */
    private static final long MOST_GROWTH = 16;

    /** What a field may hold. */
    private enum Kind {
        FLAG,
        TEXT,
        CHARACTER,
        COUNT,
        PATTERN,
        BEHAVIOR,
        SCHEME,
        STEPS
    }

    private static final Set<String> BEHAVIORS =
            Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    private static final Set<String> SCHEMES = Set.of("always", "never", "first");

    private static final Map<String, Kind> NOTHING = Map.of();
    private static final Map<String, Kind> REPLACE = Map.of("pattern", Kind.PATTERN, "content", Kind.TEXT);
    private static final Map<String, Kind> BYTE_LEVEL =
            Map.of("add_prefix_space", Kind.FLAG, "trim_offsets", Kind.FLAG, "use_regex", Kind.FLAG);
    private static final Map<String, Kind> METASPACE = Map.of(
            "replacement",
            Kind.CHARACTER,
            "prepend_scheme",
            Kind.SCHEME,
            "add_prefix_space",
            Kind.FLAG,
            "split",
            Kind.FLAG);

    static final TokenizerSteps NORMALIZER = new TokenizerSteps(Map.of(
            "Sequence", Map.of("normalizers", Kind.STEPS),
            "Prepend", Map.of("prepend", Kind.TEXT),
            "Replace", REPLACE,
            "NFC", NOTHING,
            "NFD", NOTHING,
            "NFKC", NOTHING,
            "NFKD", NOTHING,
            "Lowercase", NOTHING,
            "Strip", Map.of("strip_left", Kind.FLAG, "strip_right", Kind.FLAG)));

    static final TokenizerSteps PRE_TOKENIZER = new TokenizerSteps(Map.of(
            "Sequence", Map.of("pretokenizers", Kind.STEPS),
            "Split", Map.of("pattern", Kind.PATTERN, "behavior", Kind.BEHAVIOR, "invert", Kind.FLAG),
            "ByteLevel", BYTE_LEVEL,
            "Metaspace", METASPACE,
            "Digits", Map.of("individual_digits", Kind.FLAG)));

    static final TokenizerSteps DECODER = new TokenizerSteps(Map.of(
            "Sequence", Map.of("decoders", Kind.STEPS),
            "Replace", REPLACE,
            "ByteLevel", BYTE_LEVEL,
            "Metaspace", METASPACE,
            "ByteFallback", NOTHING,
            "Fuse", NOTHING,
            "Strip", Map.of("content", Kind.CHARACTER, "start", Kind.COUNT, "stop", Kind.COUNT)));

    private final Map<String, Map<String, Kind>> known;

    private TokenizerSteps(Map<String, Map<String, Kind>> known) {
        this.known = known;
    }

    /**
     * The same step, with what is known of it and nothing else.
     *
     * @throws IllegalArgumentException telling what is not known, or not safe
     */
    JsonNode checked(JsonNode step) {
        if (step.isMissingNode() || step.isNull()) {
            return JsonNodeFactory.instance.nullNode();
        }
        checkGrowth(step);
        var type = step.path("type").asText();
        var fields = known.get(type);
        if (fields == null) {
            throw new IllegalArgumentException("the type '%s' is not known; known are %s"
                    .formatted(
                            type,
                            String.join(", ", known.keySet().stream().sorted().toList())));
        }
        var checked = JsonNodeFactory.instance.objectNode().put("type", type);
        fields.forEach((key, kind) -> {
            if (step.has(key)) {
                checked.set(key, checked(key, kind, step.path(key)));
            }
        });
        return checked;
    }

    /** Whether a step is, or has in it, one of the type. */
    static boolean has(JsonNode step, String type) {
        return step.findValuesAsText("type").contains(type);
    }

    private JsonNode checked(String key, Kind kind, JsonNode value) {
        var text = value.asText();
        boolean fits = switch (kind) {
            case FLAG -> value.isBoolean();
            case TEXT -> value.isTextual() && text.length() <= LONGEST_TEXT;
            case CHARACTER -> value.isTextual() && text.codePointCount(0, text.length()) == 1;
            case COUNT -> value.canConvertToInt() && 0 <= value.asInt() && value.asInt() <= LARGEST_COUNT;
            case BEHAVIOR -> BEHAVIORS.contains(text);
            case SCHEME -> SCHEMES.contains(text);
            case PATTERN -> value.size() == 1 && value.elements().next().isTextual();
            case STEPS -> value.isArray() && value.size() <= MOST_STEPS;
        };
        require(fits, "%s does not fit: %s".formatted(key, shortened(value.toString())));
        return switch (kind) {
            case PATTERN -> pattern(value);
            case STEPS -> {
                var steps = JsonNodeFactory.instance.arrayNode();
                value.forEach(step -> steps.add(checked(step)));
                yield steps;
            }
            default -> value;
        };
    }

    private static JsonNode pattern(JsonNode value) {
        if (value.has("Regex")) {
            TameRegex.check(value.path("Regex").asText());
        } else {
            int length = value.path("String").asText().length();
            require(0 < length && length <= LONGEST_TEXT, "a pattern is neither Regex nor String, or is empty or long");
        }
        return value;
    }

    /** Replacements, one after the other, may lengthen a text; a pattern may match between any two characters. */
    private static void checkGrowth(JsonNode step) {
        long growth = 1;
        for (var replace : step.findParents("pattern")) {
            int content = replace.path("content").asText().length();
            int literal = replace.path("pattern").path("String").asText().length();
            growth *= literal == 0 ? 1 + content : Math.max(1, (content + literal - 1) / literal);
            require(growth <= MOST_GROWTH, "makes texts more than %d times longer", MOST_GROWTH);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
