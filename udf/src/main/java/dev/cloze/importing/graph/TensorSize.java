package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import java.util.Optional;

/** How large a tensor is by what it declares. */
final class TensorSize {
    private static final int BITS_OF_BYTE = 8;

    private TensorSize() {}

    /** The product of {@code dims}; absent when one is negative or the product is not a number of 64 bits. */
    static Optional<Long> elements(Iterable<Long> dims) {
        long elements = 1;
        for (long size : dims) {
            if (size < 0) {
                return Optional.empty();
            }
            try {
                elements = Math.multiplyExact(elements, size);
            } catch (ArithmeticException e) {
                return Optional.empty();
            }
        }
        return Optional.of(elements);
    }

    /** Bytes that {@code elements} of an ONNX data type take; absent for types of no fixed size, and unknown ones. */
    static Optional<Long> bytes(int type, long elements) {
        int bits = bits(type);
        if (bits == 0 || elements > Long.MAX_VALUE / bits - BITS_OF_BYTE) {
            return Optional.empty();
        }
        return Optional.of((elements * bits + BITS_OF_BYTE - 1) / BITS_OF_BYTE);
    }

    private static int bits(int type) {
        OnnxMl.TensorProto.DataType known = OnnxMl.TensorProto.DataType.forNumber(type);
        if (known == null) {
            return 0;
        }
        return switch (known) {
            case INT4, UINT4 -> 4;
            case BOOL, INT8, UINT8, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> Byte.SIZE;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> Short.SIZE;
            case FLOAT, INT32, UINT32 -> Integer.SIZE;
            case DOUBLE, INT64, UINT64, COMPLEX64 -> Long.SIZE;
            case COMPLEX128 -> 2 * Long.SIZE;
            default -> 0;
        };
    }
}
