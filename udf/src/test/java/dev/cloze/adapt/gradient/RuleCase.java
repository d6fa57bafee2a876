package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** An operator with its inputs: those that are trained, and those that stay. */
final class RuleCase {
    /** What an input is: its shape, and how its numbers are made. */
    record Input(long[] shape, Kind kind, double... values) {
        int count() {
            return (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        }
    }

    enum Kind {
        TRAINED,
        POSITIVE,
        FIXED,
        WHOLE,
        TRUTH
    }

    private final String operator;
    private final OnnxMl.AttributeProto[] attributes;
    private final List<Input> inputs = new ArrayList<>();
    private long opset = 17;
    private int outputs = 1;
    private int[] read;
    private boolean single;
    private boolean identity;

    private RuleCase(String operator, OnnxMl.AttributeProto... attributes) {
        this.operator = operator;
        this.attributes = attributes;
    }

    static RuleCase of(String operator, OnnxMl.AttributeProto... attributes) {
        return new RuleCase(operator, attributes);
    }

    private RuleCase with(Input input) {
        inputs.add(input);
        return this;
    }

    RuleCase trained(long... shape) {
        return with(new Input(shape, Kind.TRAINED));
    }

    RuleCase positive(long... shape) {
        return with(new Input(shape, Kind.POSITIVE));
    }

    RuleCase fixed(long... shape) {
        return with(new Input(shape, Kind.FIXED));
    }

    RuleCase number(double value) {
        return with(new Input(new long[0], Kind.FIXED, value));
    }

    RuleCase whole(long value) {
        return with(new Input(new long[0], Kind.WHOLE, value));
    }

    RuleCase wholes(long... values) {
        return matrix(new long[] {values.length}, values);
    }

    RuleCase matrix(long rows, long columns, long... values) {
        return matrix(new long[] {rows, columns}, values);
    }

    private RuleCase matrix(long[] shape, long... values) {
        return with(new Input(
                shape, Kind.WHOLE, LongStream.of(values).asDoubleStream().toArray()));
    }

    RuleCase truths(boolean... values) {
        double[] numbers = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] ? 1 : 0)
                .toArray();
        return with(new Input(new long[] {values.length}, Kind.TRUTH, numbers));
    }

    RuleCase opset(long version) {
        opset = version;
        return this;
    }

    RuleCase outputs(int count) {
        outputs = count;
        return this;
    }

    /** The outputs on which the loss depends; otherwise all of them. */
    RuleCase reading(int... which) {
        read = which;
        return this;
    }

    RuleCase inSinglePrecision() {
        single = true;
        return this;
    }

    /** Puts a node between the first input and the operator, so that this does not read a parameter itself. */
    RuleCase behindIdentity() {
        identity = true;
        return this;
    }

    RuleRun run() throws OrtException {
        return new RuleRun(this);
    }

    String operator() {
        return operator;
    }

    OnnxMl.AttributeProto[] attributes() {
        return attributes;
    }

    List<Input> inputs() {
        return inputs;
    }

    long opset() {
        return opset;
    }

    int outputs() {
        return outputs;
    }

    int[] read() {
        return read == null ? IntStream.range(0, outputs).toArray() : read;
    }

    boolean isSingle() {
        return single;
    }

    boolean hasIdentity() {
        return identity;
    }

    int[] trainedInputs() {
        return IntStream.range(0, inputs.size())
                .filter(i ->
                        inputs.get(i).kind() == Kind.TRAINED || inputs.get(i).kind() == Kind.POSITIVE)
                .toArray();
    }

    @Override
    public String toString() {
        return operator
                + inputs.stream().map(input -> Arrays.toString(input.shape())).toList()
                + (single ? " in single precision" : "");
    }
}
