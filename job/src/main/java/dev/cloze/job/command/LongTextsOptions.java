package dev.cloze.job.command;

import dev.cloze.mask.LongTexts;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How much of a text the model sees. */
@Section(HelpPage.MODEL)
final class LongTextsOptions {
    @Option(
            names = "--long",
            paramLabel = "MODE",
            description = "Texts longer than the model: window, every scored token with as much text on both sides as"
                    + " fits; truncate; fail (default: window).")
    private Optional<LongTexts> longTexts = Optional.empty();

    boolean isGiven() {
        return longTexts.isPresent();
    }

    LongTexts mode() {
        return longTexts.orElse(LongTexts.WINDOW);
    }
}
