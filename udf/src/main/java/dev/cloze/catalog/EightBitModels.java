package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.hub.ProgressListener;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.importing.EightBitModel;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * 8-bit versions of models: bundles of their own beside those that they were made of, once each.
 *
 * @param store the cache of imported models
 * @param progress receives a message about what takes time
 */
record EightBitModels(BundleStore store, ProgressListener progress) {
    private static final int DIGITS_OF_DIGEST = 8;
    /** Of a file of texts, which is read as a whole and of which few are taken. */
    private static final long LARGEST = 64L << 20;

    /**
     * The 8-bit version of {@code base}, which is made when it is not there.
     *
     * @param calibration a file of texts, one a line
     * @param sample gives texts where no file is named
     */
    Bundle of(Bundle base, Optional<String> calibration, Supplier<CalibrationSample> sample) {
        String name = name(base);
        Optional<CalibrationSample> named = calibration.map(EightBitModels::read);
        Optional<Bundle> found = store.findCurrent(name).filter(bundle -> isOf(bundle, base));
        if (found.isPresent()) {
            named.ifPresent(texts -> requireSame(texts, found.get()));
            return found.get();
        }
        CalibrationSample texts = named.orElseGet(sample);
        return new TriedBundles(store).keep(store.findOrImport(name, bundle -> isOf(bundle, base), target -> {
            progress.say("making the 8-bit version " + name + " (once, some minutes), calibrated on "
                    + texts.texts().size() + " texts");
            EightBitModel.write(base, texts, name, target);
        }));
    }

    private static String name(Bundle base) {
        String name = base.manifest().name();
        return (BundleStore.isName(name + "-int8-01234567") ? name : "model") + "-int8-"
                + base.digest().substring(0, DIGITS_OF_DIGEST);
    }

    private static boolean isOf(Bundle bundle, Bundle base) {
        Manifest.Calibration calibration = bundle.manifest().calibration();
        return calibration != null && calibration.digest().equals(base.digest());
    }

    private static void requireSame(CalibrationSample texts, Bundle found) {
        Manifest.Calibration calibration = found.manifest().calibration();
        if (!calibration.sample().equals(texts.digest())) {
            String name = found.manifest().name();
            throw ClozeException.user(
                    "calibrate model " + calibration.base() + " with --calibration",
                    "its 8-bit version " + name + " was calibrated on other texts, and results of both do not compare",
                    "leave --calibration out, or remove that version first with `cloze model remove " + name + "`");
        }
    }

    private static CalibrationSample read(String file) {
        try {
            Path path = Path.of(file);
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw unreadable(file, "it is not a plain file");
            }
            if (attributes.size() > LARGEST) {
                throw unreadable(
                        file,
                        "it has more than " + (LARGEST >> 20) + " MB, and only " + CalibrationSample.MOST
                                + " of its lines would be taken");
            }
            return CalibrationSample.of(Files.readAllLines(path));
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8");
        } catch (IOException | InvalidPathException e) {
            throw unreadable(file, String.valueOf(e));
        }
    }

    private static ClozeException unreadable(String file, String why) {
        return ClozeException.user(
                "read the calibration texts " + file, why, "name a file of UTF-8 on this machine, one text a line");
    }
}
