package dev.cloze.importing.weights;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the pickles of PyTorch's state dictionaries, and no others. A pickle is a program that may call anything in Python; this machine
 * knows the operations that dictionaries of tensors need, makes values of its own of the few names that it knows, and refuses all else by name. What
 * it reads is values of Java: {@link Map}, {@link List} (tuples too), {@link String}, {@link Long}, {@link Boolean}, {@link Double}, {@link
 * Global}, {@link Storage}, {@link TorchTensor} and {@link #NONE}.
 */
final class Pickle {
    /** Python's None. */
    static final Object NONE = new Object();

    private static final Object MARK = new Object();
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int MOST_VALUES = 1 << 20;
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_INTEGER = 8;
    private static final String STORAGE_SUFFIX = "Storage";
    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final Set<String> TENSORS =
            Set.of("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2");

    /** PyTorch's names of storages, without their ends. */
    private static final Map<String, ElementType> STORAGES = Map.of(
            "torch.Float", ElementType.F32,
            "torch.Half", ElementType.F16,
            "torch.BFloat16", ElementType.BF16,
            "torch.Double", ElementType.F64,
            "torch.Long", ElementType.I64,
            "torch.Int", ElementType.I32,
            "torch.Short", ElementType.I16,
            "torch.Char", ElementType.I8,
            "torch.Byte", ElementType.U8,
            "torch.Bool", ElementType.BOOL);

    private final DataInputStream in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Pickle(DataInputStream in) {
        this.in = in;
    }

    /** A name of Python that is known. */
    record Global(String name) {}

    /**
     * Numbers in a file, which tensors are parts of.
     *
     * @param type of each
     * @param key what they are called
     * @param count of numbers
     */
    record Storage(ElementType type, String key, long count) {}

    /** The value of the pickle that begins where {@code in} stands; {@code in} stands behind it then. */
    static Object read(DataInputStream in) throws IOException {
        return new Pickle(in).run();
    }

    private Object run() throws IOException {
        for (int operation = in.readUnsignedByte(); operation != '.'; operation = in.readUnsignedByte()) {
            if (stack.size() > MOST_VALUES || memo.size() > MOST_VALUES) {
                throw new IOException("it holds more than " + MOST_VALUES + " values");
            }
            if (!scalar(operation) && !collection(operation) && !remembered(operation)) {
                throw new IOException(String.format(
                        "it has the pickle operation 0x%02x, which state dictionaries do not need", operation));
            }
        }
        return pop();
    }

    private boolean scalar(int operation) throws IOException {
        switch (operation) {
            case 0x80 -> requireProtocol(in.readUnsignedByte());
            case 'N' -> stack.add(NONE);
            case 0x88 -> stack.add(Boolean.TRUE);
            case 0x89 -> stack.add(Boolean.FALSE);
            case 'J' -> stack.add((long) Integer.reverseBytes(in.readInt()));
            case 'K' -> stack.add((long) in.readUnsignedByte());
            case 'M' -> stack.add((long) (Short.reverseBytes(in.readShort()) & 0xffff));
            case 0x8a -> stack.add(integer(in.readUnsignedByte()));
            case 'G' -> stack.add(in.readDouble());
            case 'X' -> stack.add(text(Integer.reverseBytes(in.readInt())));
            case 'T' -> stack.add(text(Integer.reverseBytes(in.readInt())));
            case 'U' -> stack.add(text(in.readUnsignedByte()));
            case 'c' -> stack.add(global(line() + "." + line()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean collection(int operation) throws IOException {
        switch (operation) {
            case '(' -> stack.add(MARK);
            case ')', ']' -> stack.add(new ArrayList<>());
            case '}' -> stack.add(new LinkedHashMap<>());
            case 't' -> stack.add(sinceMark());
            case 0x85 -> stack.add(last(1));
            case 0x86 -> stack.add(last(2));
            case 0x87 -> stack.add(last(3));
            case 'a' -> extend(last(1));
            case 'e' -> extend(sinceMark());
            case 's' -> put(last(2));
            case 'u' -> put(sinceMark());
            case 'R' -> {
                Object arguments = pop();
                stack.add(call(pop(), arguments));
            }
            // The attributes of a dictionary: versions of modules.
            case 'b' -> pop();
            case 'Q' -> stack.add(storage(pop()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean remembered(int operation) throws IOException {
        switch (operation) {
            case 'q' -> memo.put(in.readUnsignedByte(), top());
            case 'r' -> memo.put(Integer.reverseBytes(in.readInt()), top());
            case 'h' -> stack.add(recall(in.readUnsignedByte()));
            case 'j' -> stack.add(recall(Integer.reverseBytes(in.readInt())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void requireProtocol(int protocol) throws IOException {
        if (protocol > 2) {
            throw new IOException("it is a pickle of protocol " + protocol + ", PyTorch writes protocol 2");
        }
    }

    private Object recall(int key) throws IOException {
        Object value = memo.get(key);
        if (value == null) {
            throw damaged();
        }
        return value;
    }

    /** Little-endian, in two's complement. The magic number of the legacy form has ten bytes. */
    private Object integer(int bytes) throws IOException {
        byte[] digits = in.readNBytes(bytes);
        if (digits.length > LONGEST_INTEGER) {
            return NONE;
        }
        long value = 0;
        for (int i = digits.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (i == digits.length - 1 ? digits[i] : digits[i] & 0xff);
        }
        return value;
    }

    private String text(int length) throws IOException {
        if (length < 0 || length > LONGEST_TEXT) {
            throw new IOException("it has a text of " + Integer.toUnsignedString(length) + " bytes, at most "
                    + LONGEST_TEXT + " are read");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
            if (line.length() > LONGEST_LINE) {
                throw damaged();
            }
        }
        return line.toString();
    }

    private static Global global(String name) throws IOException {
        boolean known =
                name.equals(DICTIONARY) || name.equals(PARAMETER) || TENSORS.contains(name) || type(name) != null;
        if (!known) {
            throw new IOException("it calls " + name.replaceAll("[^A-Za-z0-9_.]", "?")
                    + " in Python, which could do anything: it is not called");
        }
        return new Global(name);
    }

    private static ElementType type(String name) {
        return name.endsWith(STORAGE_SUFFIX)
                ? STORAGES.get(name.substring(0, name.length() - STORAGE_SUFFIX.length()))
                : null;
    }

    /** What Python would answer. */
    private static Object call(Object function, Object arguments) throws IOException {
        if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
            throw damaged();
        }
        if (global.name().equals(DICTIONARY) && list.isEmpty()) {
            return new LinkedHashMap<>();
        }
        if (global.name().equals(PARAMETER) && !list.isEmpty() && list.get(0) instanceof TorchTensor tensor) {
            return tensor;
        }
        if (TENSORS.contains(global.name()) && list.size() > 3 && list.get(0) instanceof Storage storage) {
            return TorchTensor.of(storage, list.get(1), list.get(2), list.get(3));
        }
        throw damaged();
    }

    /** ("storage", type, key, device, count, view…). */
    private static Storage storage(Object id) throws IOException {
        boolean sound = id instanceof List<?> list
                && list.size() >= 5
                && "storage".equals(list.get(0))
                && list.get(1) instanceof Global global
                && type(global.name()) != null
                && list.get(2) instanceof String
                && list.get(4) instanceof Long count
                && count >= 0;
        if (!sound) {
            throw damaged();
        }
        List<?> parts = (List<?>) id;
        if (parts.size() > 5 && parts.get(5) != NONE) {
            throw new IOException("it has a view of a storage, as PyTorch wrote before 2018");
        }
        return new Storage(type(((Global) parts.get(1)).name()), (String) parts.get(2), (Long) parts.get(4));
    }

    @SuppressWarnings("unchecked")
    private void extend(List<Object> values) throws IOException {
        if (!(top() instanceof ArrayList)) {
            throw damaged();
        }
        ((List<Object>) top()).addAll(values);
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> pairs) throws IOException {
        if (!(top() instanceof Map) || pairs.size() % 2 != 0) {
            throw damaged();
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!(pairs.get(i) instanceof String) && !(pairs.get(i) instanceof Long)) {
                throw damaged();
            }
            ((Map<Object, Object>) top()).put(pairs.get(i), pairs.get(i + 1));
        }
    }

    private Object top() throws IOException {
        if (stack.isEmpty()) {
            throw damaged();
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() throws IOException {
        Object value = top();
        stack.remove(stack.size() - 1);
        if (value == MARK) {
            throw damaged();
        }
        return value;
    }

    private List<Object> last(int count) throws IOException {
        int from = stack.size() - count;
        if (from < 0 || stack.subList(from, stack.size()).contains(MARK)) {
            throw damaged();
        }
        return cut(from, from);
    }

    private List<Object> sinceMark() throws IOException {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw damaged();
        }
        return cut(mark, mark + 1);
    }

    /** The values from {@code first} on, which leave the stack with all from {@code bottom} on. */
    private List<Object> cut(int bottom, int first) {
        List<Object> values = new ArrayList<>(stack.subList(first, stack.size()));
        stack.subList(bottom, stack.size()).clear();
        return values;
    }

    private static IOException damaged() {
        return new IOException("its pickle is not one of a state dictionary");
    }
}
