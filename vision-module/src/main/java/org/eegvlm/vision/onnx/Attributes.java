package org.eegvlm.vision.onnx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of a node, by name; whole numbers, lists of them, and decimals. */
final class Attributes {

    /** Not to be added to. */
    static final Attributes NONE = new Attributes();

    /** {@code AttributeProto.type}. */
    private static final int FLOAT = 1;

    private static final int INT = 2;
    private static final int INTS = 7;

    private final Map<String, ProtoMessage> values = new LinkedHashMap<>();

    static Attributes of(String name, long value) {
        return new Attributes().with(name, value);
    }

    static Attributes of(String name, float value) {
        return new Attributes().with(name, value);
    }

    static Attributes of(String name, long[] value) {
        return new Attributes().with(name, value);
    }

    Attributes with(String name, long value) {
        return with(name, named(name, INT).number(3, value));
    }

    Attributes with(String name, float value) {
        return with(name, named(name, FLOAT).decimal(2, value));
    }

    Attributes with(String name, long[] value) {
        var attribute = named(name, INTS);
        Arrays.stream(value).forEach(number -> attribute.number(8, number));
        return with(name, attribute);
    }

    void writeTo(ProtoMessage node) {
        values.values().forEach(attribute -> node.message(5, attribute));
    }

    private Attributes with(String name, ProtoMessage value) {
        var more = new Attributes();
        more.values.putAll(values);
        more.values.put(name, value);
        return more;
    }

    private static ProtoMessage named(String name, int type) {
        return new ProtoMessage().text(1, name).number(20, type);
    }
}
