package dev.cloze.importing.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** How the elements of a tensor are stored, little-endian. */
public enum ElementType {
    F32(Float.BYTES),
    F16(Short.BYTES),
    BF16(Short.BYTES),
    F64(Double.BYTES),
    I64(Long.BYTES),
    U64(Long.BYTES),
    I32(Integer.BYTES),
    U32(Integer.BYTES),
    I16(Short.BYTES),
    U16(Short.BYTES),
    I8(1),
    U8(1),
    BOOL(1),
    F8_E4M3(1),
    F8_E5M2(1);

    private static final int HALF_SIGN = 0x8000;
    private static final int HALF_EXPONENT = 0x7c00;
    private static final int HALF_FRACTION = 0x3ff;
    private static final int FRACTION_SHIFT = 13;
    private static final int EXPONENT_REBIAS = 112 << 23;
    /** The value of the smallest fraction of a half-precision number. */
    private static final float SUBNORMAL = 0x1p-24f;

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Of one element. */
    int bytes() {
        return bytes;
    }

    /** The type of that name, as safetensors has it. */
    static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    boolean isFloat() {
        return this == F32 || this == F16 || this == BF16 || this == F64;
    }

    /** Element {@code index} of {@code data}, rounded to the nearest 32-bit float. */
    float at(ByteBuffer data, int index) {
        int from = index * bytes;
        return switch (this) {
            case F32 -> data.getFloat(from);
            case F64 -> (float) data.getDouble(from);
            case BF16 -> Float.intBitsToFloat(data.getShort(from) << Short.SIZE);
            case F16 -> half(data.getShort(from));
            default -> throw new IllegalStateException(this + " is not a type of floats");
        };
    }

    /** Elements {@code from} to {@code to} of {@code data}, little-endian, as 32-bit floats. */
    ByteBuffer floats(ByteBuffer data, int from, int to) {
        if (this == F32) {
            return data.slice(from * Float.BYTES, (to - from) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer floats = ByteBuffer.allocate((to - from) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < to; i++) {
            floats.putFloat(at(data, i));
        }
        return floats.flip();
    }

    /** IEEE 754 binary16; {@code Float.float16ToFloat} is of a later Java. */
    private static float half(short bits) {
        int sign = (bits & HALF_SIGN) << Short.SIZE;
        int exponent = bits & HALF_EXPONENT;
        int fraction = bits & HALF_FRACTION;
        if (exponent == 0) {
            return Math.copySign(fraction * SUBNORMAL, sign == 0 ? 1 : -1);
        }
        int wide = (exponent | fraction) << FRACTION_SHIFT;
        int rebias = exponent == HALF_EXPONENT ? 2 * EXPONENT_REBIAS : EXPONENT_REBIAS;
        return Float.intBitsToFloat(sign | (wide + rebias));
    }
}
