package dev.cloze.importing.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What the values of an activation were over many rows: how large each of its channels gets, and how far below zero any of them. */
final class ChannelRange {
    private final float[] most;
    private float lowest;

    ChannelRange(int channels) {
        most = new float[channels];
    }

    int channels() {
        return most.length;
    }

    /** @param values row after row */
    void add(float[] values) {
        for (int i = 0; i < values.length; i++) {
            int channel = i % most.length;
            most[channel] = Math.max(most[channel], Math.abs(values[i]));
            lowest = Math.min(lowest, values[i]);
        }
    }

    /** The smallest value of all; 0 when none is negative. */
    float lowest() {
        return lowest;
    }

    /** The {@code count} channels with the largest values, rising; among equals the first ones. */
    int[] largest(int count) {
        return IntStream.range(0, most.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> -most[channel]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** The largest size of a value in another channel than those of {@code apart}. */
    float mostWithout(int[] apart) {
        float[] others = most.clone();
        for (int channel : apart) {
            others[channel] = 0;
        }
        float largest = 0;
        for (float value : others) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    @Override
    public String toString() {
        return "ChannelRange" + Arrays.toString(most);
    }
}
