package dev.cloze.job.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a settings file may include: files of its own directory and below. Nothing is fetched, and no other file of the machine is
 * read because a settings file says so.
 */
final class Includes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final String REPAIR = "put what it includes beside it, and name that by a relative path";

    private final Path root;
    /** The file that is read now is the last one. */
    private final List<Path> open;

    Includes(Path file) {
        this(absolute(file).getParent(), List.of(absolute(file)));
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private Includes(Path root, List<Path> open) {
        this.root = root;
        this.open = open;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return included(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return included(what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused("a URL");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused("a file of the class path");
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    private ConfigObject included(String name) {
        if (name.matches("[A-Za-z][A-Za-z+.-]+:.*")) {
            throw refused("a URL");
        }
        Path file = file(name);
        if (open.contains(file)) {
            throw refused("a file that includes it");
        }
        List<Path> within = new ArrayList<>(open);
        within.add(file);
        return HoconFile.parse(file, new Includes(root, within)).root();
    }

    private Path file(String name) {
        try {
            Path named = Path.of(name);
            Path file = current().resolveSibling(named).normalize();
            if (named.isAbsolute() || !file.startsWith(root)) {
                throw refused("a file outside of its directory");
            }
            if (Files.exists(file) && !file.toRealPath().startsWith(root.toRealPath())) {
                throw refused("a link to a file outside of its directory");
            }
            return file;
        } catch (InvalidPathException e) {
            throw refused("an invalid file name");
        } catch (IOException e) {
            throw HoconFile.unreadable(current(), Causes.firstLine(e), REPAIR);
        }
    }

    private Path current() {
        return open.get(open.size() - 1);
    }

    private ClozeException refused(String what) {
        return HoconFile.unreadable(current(), "it includes " + what, REPAIR);
    }
}
