package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.tensor.PickleValue.Global;
import org.eegvlm.tensor.PickleValue.None;
import org.eegvlm.tensor.PickleValue.Storage;
import org.eegvlm.tensor.PickleValue.Tensor;
import org.eegvlm.tensor.PickleValue.Tuple;

/**
 * Reads the pickle of a state dict, and no other: a stack machine with the opcodes that {@code torch.save} writes and
 * the names in {@link Global}. It calls nothing; a pickle that asks for any other opcode or name is refused by it.
 *
 * <p>Opcodes are described in CPython's {@code Lib/pickletools.py}.
 */
final class PickleMachine {

    /** No state dict needs as many; one opcode is one byte, so a small file could ask for much memory. */
    private static final int MAX_OPCODES = 2_000_000;

    private static final int MAX_LONG_BYTES = 8;

    private final Path file;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private PickleMachine(Path file, ByteBuffer in) {
        this.file = file;
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The one value that the pickle describes. */
    static Object load(Path file, ByteBuffer pickle) throws IOException {
        var machine = new PickleMachine(file, pickle);
        try {
            return machine.run();
        } catch (BufferUnderflowException e) {
            throw machine.malformed("the pickle ends within an opcode");
        }
    }

    private Object run() throws IOException {
        for (int steps = 0; steps < MAX_OPCODES; steps++) {
            int opcode = in.get();
            if (opcode == '.') { // STOP
                return pop(Object.class);
            }
            step(opcode);
        }
        throw malformed("more than %d opcodes".formatted(MAX_OPCODES));
    }

    private void step(int opcode) throws IOException {
        switch (opcode) {
            case 0x80 - 0x100 -> protocol();
            case '(' -> marks.push(stack.size());
            case 'c' -> push(global(line(), line()));
            case 'Q' -> push(storage(pop(Tuple.class)));
            case 'R' -> reduce();
            case 'b' -> build();
            case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), top());
            case 'r' -> memo.put(in.getInt(), top());
            case 'h' -> push(memorized(Byte.toUnsignedInt(in.get())));
            case 'j' -> push(memorized(in.getInt()));
            case 's' -> setItem();
            case 'u' -> setItems();
            case 'a' -> append();
            case 'e' -> appends();
            default -> literal(opcode);
        }
    }

    private void literal(int opcode) throws IOException {
        switch (opcode) {
            case 'N' -> push(None.NONE);
            case 0x88 - 0x100 -> push(true);
            case 0x89 - 0x100 -> push(false);
            case 'K' -> push((long) Byte.toUnsignedInt(in.get()));
            case 'M' -> push((long) Short.toUnsignedInt(in.getShort()));
            case 'J' -> push((long) in.getInt());
            case 0x8a - 0x100 -> push(wholeNumber());
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> push(text());
            case '}' -> push(new LinkedHashMap<String, Object>());
            case ']' -> push(new ArrayList<>());
            case ')' -> push(new Tuple(List.of()));
            case 't' -> push(new Tuple(popToMark()));
            case 0x85 - 0x100 -> push(new Tuple(pop(1)));
            case 0x86 - 0x100 -> push(new Tuple(pop(2)));
            case 0x87 - 0x100 -> push(new Tuple(pop(3)));
            default -> throw malformed("opcode 0x%02x is not allowed in a state dict".formatted(opcode & 0xff));
        }
    }

    private void protocol() throws IOException {
        int protocol = in.get();
        if (protocol != 2) {
            throw malformed("pickle protocol %d; torch writes 2".formatted(protocol));
        }
    }

    private Global global(String module, String word) throws IOException {
        return Global.named(module, word)
                .orElseThrow(() -> malformed("%s.%s is not allowed in a state dict".formatted(module, word)));
    }

    private Storage storage(Tuple id) throws IOException {
        var items = id.items();
        if (items.size() == 5
                && items.get(0).equals("storage")
                && items.get(1) instanceof Global type
                && type.elementType().isPresent()
                && items.get(2) instanceof String key
                && items.get(4) instanceof Long elements
                && elements >= 0) {
            return new Storage(type.elementType().get(), key, elements);
        }
        throw malformed("a persistent id that is no storage");
    }

    private void reduce() throws IOException {
        var arguments = pop(Tuple.class).items();
        var callee = pop(Global.class);
        switch (callee) {
            case ORDERED_DICT -> {
                if (!arguments.isEmpty()) {
                    throw malformed("an OrderedDict with arguments");
                }
                push(new LinkedHashMap<String, Object>());
            }
            case REBUILD_TENSOR -> push(tensor(arguments));
            case REBUILD_PARAMETER -> push(parameter(arguments));
            default -> throw malformed("%s is called, it is a type".formatted(callee.word()));
        }
    }

    private Tensor tensor(List<Object> arguments) throws IOException {
        if (arguments.size() >= 6
                && arguments.size() <= 7
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Long offset
                && arguments.get(2) instanceof Tuple shape
                && arguments.get(3) instanceof Tuple strides) {
            return new Tensor(storage, offset, longs(shape), longs(strides));
        }
        throw malformed("_rebuild_tensor_v2 with other arguments than storage, offset, size, stride, …");
    }

    private Tensor parameter(List<Object> arguments) throws IOException {
        if (arguments.size() == 3 && arguments.get(0) instanceof Tensor tensor) {
            return tensor;
        }
        throw malformed("_rebuild_parameter with other arguments than tensor, requires_grad, hooks");
    }

    private long[] longs(Tuple tuple) throws IOException {
        if (!tuple.items().stream().allMatch(Long.class::isInstance)) {
            throw malformed("sizes and strides must be whole numbers");
        }
        return tuple.items().stream().mapToLong(Long.class::cast).toArray();
    }

    /** A module's state dict carries version numbers as an attribute; nothing here needs them. */
    private void build() throws IOException {
        pop(Map.class);
        if (!(top() instanceof Map)) {
            throw malformed("attributes set on something else than an OrderedDict");
        }
    }

    private void setItem() throws IOException {
        var pair = pop(2);
        put(pair.get(0), pair.get(1));
    }

    private void setItems() throws IOException {
        var items = popToMark();
        if (items.size() % 2 != 0) {
            throw malformed("a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            put(items.get(i), items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked") // every map on the stack was made here
    private void put(Object key, Object value) throws IOException {
        if (!(top() instanceof Map<?, ?> map && key instanceof String name)) {
            throw malformed("only dictionaries with text as keys are read");
        }
        ((Map<String, Object>) map).put(name, value);
    }

    private void append() throws IOException {
        var item = pop(Object.class);
        list().add(item);
    }

    private void appends() throws IOException {
        var items = popToMark();
        list().addAll(items);
    }

    @SuppressWarnings("unchecked") // every list on the stack was made here
    private List<Object> list() throws IOException {
        if (top() instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw malformed("append to something else than a list");
    }

    private long wholeNumber() throws IOException {
        int length = Byte.toUnsignedInt(in.get());
        if (length > MAX_LONG_BYTES) {
            throw malformed("a number of %d bytes".formatted(length));
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= Byte.toUnsignedLong(in.get()) << (8 * i);
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused; // the last byte carries the sign
    }

    private String text() throws IOException {
        long length = Integer.toUnsignedLong(in.getInt());
        if (length > in.remaining()) {
            throw malformed("a text of %d bytes, %d are left".formatted(length, in.remaining()));
        }
        var bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            // look for the line's end
        }
        return StandardCharsets.UTF_8
                .decode(in.slice(start, in.position() - 1 - start))
                .toString();
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() throws IOException {
        if (stack.isEmpty()) {
            throw malformed("nothing on the stack");
        }
        return stack.get(stack.size() - 1);
    }

    private <T> T pop(Class<T> type) throws IOException {
        var value = pop(1).get(0);
        if (!type.isInstance(value)) {
            throw malformed("expected %s, found %s"
                    .formatted(type.getSimpleName(), value.getClass().getSimpleName()));
        }
        return type.cast(value);
    }

    private List<Object> pop(int count) throws IOException {
        if (stack.size() < count) {
            throw malformed("nothing on the stack");
        }
        var top = stack.subList(stack.size() - count, stack.size());
        var items = List.copyOf(top);
        top.clear();
        return items;
    }

    private List<Object> popToMark() throws IOException {
        if (marks.isEmpty() || marks.peek() > stack.size()) {
            throw malformed("no mark on the stack");
        }
        return pop(stack.size() - marks.pop());
    }

    private Object memorized(int key) throws IOException {
        var value = memo.get(key);
        if (value == null) {
            throw malformed("nothing was memorized as %d".formatted(key));
        }
        return value;
    }

    private MalformedTensorException malformed(String problem) {
        return new MalformedTensorException(file, "data.pkl, byte " + in.position(), problem);
    }
}
