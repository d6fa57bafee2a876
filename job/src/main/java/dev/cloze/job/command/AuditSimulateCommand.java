package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.SimulationView;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.simulation.Simulation;
import dev.cloze.stats.simulation.Simulation.Year;
import dev.cloze.stats.simulation.World;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code cloze audit simulate}. */
@CommandLine.Command(
        name = "simulate",
        description = "Measure on made-up years how often the audit raises a false alarm, and which planted faults it"
                + " finds. Needs no corpus, no model and no history.",
        footer = {"  cloze audit simulate --years 1 --seed 7"})
final class AuditSimulateCommand implements Command {
    private static final int MOST = 1_000;

    @Option(
            names = "--years",
            paramLabel = "N",
            description = "Years of each of the two worlds, a calm and a restless one (default: ${DEFAULT-VALUE}).")
    private int years = 5;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What is drawn depends on it and on nothing else (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--fault-nights",
            paramLabel = "N",
            description = "Nights of each year on which every fault is tried in every slice (default:"
                    + " ${DEFAULT-VALUE}).")
    private int faultNights = 4;

    @Override
    public void check(Problems problems) {
        problems.requireFrom("--years", years, 1, MOST);
        problems.requireFrom("--fault-nights", faultNights, 0, 100);
    }

    @Override
    public void run(Terminal terminal) {
        List<Year> all = IntStream.range(0, years)
                .boxed()
                .flatMap(year -> Arrays.stream(World.values())
                        .map(world -> new Simulation(world, Simulation.SIZES, seed * MOST + year)))
                .toList()
                .parallelStream()
                .map(simulation -> simulation.run(faultNights))
                .toList();
        new SimulationView(all, terminal).show();
    }
}
