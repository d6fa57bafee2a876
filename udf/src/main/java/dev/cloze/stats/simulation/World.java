package dev.cloze.stats.simulation;

/** How much nights differ from one another. */
public enum World {
    /** A corpus whose level moves by about 0.012 nats from night to night. */
    CALM(0.4),
    /** The same with 0.03 nats, about as much as small mailing lists move. */
    RESTLESS(1);

    private final double movement;

    World(double movement) {
        this.movement = movement;
    }

    /** The movement of everything that differs between nights, as a share of that of a restless world. */
    double movement() {
        return movement;
    }
}
