package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.hub.Hub;
import dev.cloze.hub.HubName;
import dev.cloze.hub.NewRepository;
import dev.cloze.job.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cloze model push}. */
@CommandLine.Command(
        name = "push",
        description = "Push a directory with a model to a model hub.",
        footer = {
            "  cloze model export bert-of-manuals --output for-transformers",
            "  cloze model push hf:organisation/bert-of-manuals for-transformers --create private"
        })
final class ModelPushCommand implements Command {
    private static final String SUMMARY = "Upload a model with Cloze";

    @Parameters(
            index = "0",
            paramLabel = "REPOSITORY",
            description = "hf:organisation/name, or hf:organisation/name@branch.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "What `cloze model export` wrote, or another directory with a model. Files whose names begin"
                    + " with a dot are left out.")
    private Path directory;

    @Option(
            names = "--create",
            paramLabel = "WHO",
            converter = VisibilityConverter.class,
            description = "Make the repository when there is none: private for you and your organisation, or public for"
                    + " everybody (default: it must be there).")
    private Optional<NewRepository> create = Optional.empty();

    @Option(names = "--message", paramLabel = "TEXT", description = "Message of the commit (default: " + SUMMARY + ").")
    private String message = SUMMARY;

    /** Names of those who may see a repository. */
    static final class VisibilityConverter extends LabelConverter<NewRepository> {
        VisibilityConverter() {
            super(NewRepository.class);
        }
    }

    @Override
    public void check(Problems problems) {
        problems.require(
                name != null && HubName.isMeant(name),
                "REPOSITORY names a repository of a hub, as hf:organisation/name");
        problems.require(!message.isBlank(), "--message is empty: leave it out, or say what the commit is");
    }

    @Override
    public void run(Terminal terminal) {
        terminal.print(Hub.of(System.getenv()).push(HubName.parse(name), directory, create, message, terminal));
    }
}
