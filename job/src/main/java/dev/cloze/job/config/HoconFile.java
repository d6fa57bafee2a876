package dev.cloze.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.cloze.failure.ClozeException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A settings file. Nothing of what stands in it, or in the environment, is part of a message: only places and names.
 *
 * @param file where it is
 * @param unresolved what stands in it, variables not yet filled in
 */
record HoconFile(Path file, Config unresolved) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[\\w.-]{1,100}}");
    private static final String CORRECT = "correct the file";

    static HoconFile parse(Path file) {
        return new HoconFile(file, guarded(file, () -> parse(file, new Includes(file))));
    }

    /** A file and what it includes. */
    static Config parse(Path file, Includes includes) {
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(syntax(file))
                .setOriginDescription(file.toString())
                .setIncluder(includes);
        return ConfigFactory.parseString(SettingsText.read(file), options);
    }

    private static ConfigSyntax syntax(Path file) {
        String name = file.toString();
        return name.endsWith(".json")
                ? ConfigSyntax.JSON
                : name.endsWith(".properties") ? ConfigSyntax.PROPERTIES : ConfigSyntax.CONF;
    }

    /** With variables filled in: from the file itself, or else from {@code environment}. */
    Config resolve(UnaryOperator<String> environment) {
        ConfigResolveOptions options = ConfigResolveOptions.defaults()
                .setUseSystemEnvironment(false)
                .appendResolver(new Environment(environment));
        return guarded(file, () -> unresolved.resolve(options));
    }

    private static Config guarded(Path file, Supplier<Config> read) {
        try {
            return read.get();
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw unreadable(
                    file, place(e) + unresolved(e), "set it, or write ${?NAME} for a value that may be absent");
        } catch (ConfigException.Parse e) {
            throw unreadable(
                    file,
                    place(e) + "it is not valid HOCON there",
                    "write `key = value`, with text that has other characters than letters, digits and - in double quotes");
        } catch (ConfigException e) {
            throw unreadable(file, place(e) + "a value cannot be made of its parts", CORRECT);
        } catch (StackOverflowError e) {
            throw unreadable(file, "its values are nested too deeply", CORRECT);
        } catch (OutOfMemoryError e) {
            throw unreadable(file, "its values refer to each other so often that they do not fit into memory", CORRECT);
        }
    }

    private static String place(ConfigException e) {
        return e.origin() == null || e.origin().lineNumber() < 1
                ? ""
                : "line " + e.origin().lineNumber() + ": ";
    }

    private static String unresolved(ConfigException e) {
        Matcher name = VARIABLE.matcher(String.valueOf(e.getMessage()));
        String variable = name.find() ? name.group() : "a variable";
        return String.valueOf(e.getMessage()).contains("cycle")
                ? variable + " refers to itself"
                : variable + " is neither a key of the file nor a variable of the environment";
    }

    static ClozeException unreadable(Path file, String why, String repair) {
        return ClozeException.user("read settings " + file, why, repair);
    }

    /** Values by the names of variables. */
    private record Environment(UnaryOperator<String> values) implements ConfigResolver {
        @Override
        public ConfigValue lookup(String path) {
            String value = values.apply(path);
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, "environment");
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
