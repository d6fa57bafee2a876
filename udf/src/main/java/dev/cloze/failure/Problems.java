package dev.cloze.failure;

import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with what somebody wrote, so that it can be said at once. */
public final class Problems {
    private final List<String> all = new ArrayList<>();

    public void add(String problem) {
        all.add(problem);
    }

    /** Adds {@code problem} unless {@code holds}. */
    public void require(boolean holds, String problem) {
        if (!holds) {
            add(problem);
        }
    }

    /** Adds a problem that names the bound unless {@code value} is from {@code least} to {@code most}. */
    public void requireFrom(String name, long value, long least, long most) {
        require(value >= least, name + " must be at least " + least + ", it is " + value);
        require(value <= most, name + " must be at most " + most + ", it is " + value);
    }

    /** Fails when there is a problem: Cannot {@code what}, for all these reasons; {@code repair}. */
    public void report(String what, String repair) {
        if (!all.isEmpty()) {
            String why = all.size() == 1 ? all.get(0) : all.size() + " problems:\n  " + String.join("\n  ", all);
            throw ClozeException.user(what, why, repair);
        }
    }
}
