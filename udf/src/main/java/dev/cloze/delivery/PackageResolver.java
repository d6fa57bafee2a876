package dev.cloze.delivery;

import dev.cloze.bundle.Directories;
import dev.cloze.failure.Causes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.ivy.core.settings.IvySettings;
import org.apache.ivy.core.settings.NamedTimeoutConstraint;
import org.apache.ivy.plugins.resolver.AbstractResolver;
import org.apache.ivy.plugins.resolver.DependencyResolver;
import org.apache.ivy.plugins.resolver.IBiblioResolver;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.MavenUtils;
import scala.Option;

/**
 * Fetches a jar as Spark fetches those of {@code --packages}: from Maven Central, and from where {@code spark.jars.repositories} and
 * {@code spark.jars.ivySettings} say. Spark keeps all that it fetches, in two copies, in a directory that applications share without a
 * lock. Here Ivy works in a directory of this fetch alone, which can be deleted; {@code spark.jars.ivy} is only read from.
 *
 * @param conf Spark's settings
 */
public record PackageResolver(SparkConf conf) {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;
    private static final String TIMEOUTS = "cloze";
    private static final String IVY_SETTINGS = "spark.jars.ivySettings";
    /** A host, without the password that may stand before it. */
    private static final Pattern HOST = Pattern.compile("https?://(?:[^/]*@)?([^/]+).*");

    /** With the settings of the application that runs here, or else those that spark-submit gave to this JVM. */
    public static PackageResolver ofThisJvm() {
        return new PackageResolver(
                Optional.ofNullable(SparkEnv.get()).map(SparkEnv::conf).orElseGet(SparkConf::new));
    }

    /**
     * The jar, which lies in {@code directory} afterwards; nothing that it depends on.
     *
     * @param coordinates {@code group:artifact:version}
     * @throws IOException whose message says why it cannot be had
     */
    public Path fetch(String coordinates, Path directory) throws IOException {
        PrintStream out = System.out;
        // Standard output is for results; Ivy has no way of keeping quiet.
        PrintStream unread = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(unread);
        try {
            return fetch(coordinates, directory, unread);
        } finally {
            System.setOut(out);
        }
    }

    private Path fetch(String coordinates, Path directory, PrintStream unread) throws IOException {
        Path cache = directory.resolve("cache");
        IvySettings settings = settings(unread);
        settings.setDefaultIvyUserDir(directory.toFile());
        settings.setDefaultCache(cache.toFile());
        Path jar = Path.of(resolve(coordinates, settings, unread));
        Directories.delete(cache);
        return jar;
    }

    private static String resolve(String coordinates, IvySettings settings, PrintStream unread) throws IOException {
        try {
            return MavenUtils.resolveMavenCoordinates(
                            coordinates,
                            settings,
                            Option.empty(),
                            false,
                            MavenUtils.resolveMavenCoordinates$default$5(),
                            false,
                            unread)
                    .head();
        } catch (RuntimeException e) {
            throw new IOException(reason(e) + hosts(settings), e);
        }
    }

    private IvySettings settings(PrintStream unread) throws IOException {
        Option<String> repositories = Option.apply(conf.get("spark.jars.repositories", null));
        Option<String> ivy = Option.apply(conf.get("spark.jars.ivy", null));
        String file = conf.get(IVY_SETTINGS, null);
        IvySettings settings = file == null
                ? MavenUtils.buildIvySettings(repositories, ivy, false, unread)
                : load(file, repositories, ivy, unread);
        limitWaiting(settings);
        return settings;
    }

    private static IvySettings load(String file, Option<String> repositories, Option<String> ivy, PrintStream unread)
            throws IOException {
        try {
            return MavenUtils.loadIvySettings(file, repositories, ivy, unread);
        } catch (Exception e) { // Scala declares none.
            String why = Causes.root(e).replaceFirst("^requirement failed: ", "");
            throw new IOException(IVY_SETTINGS + " is " + file + ", and Spark says: " + why, e);
        }
    }

    /** Where a firewall drops packets, Ivy would wait for minutes. */
    private static void limitWaiting(IvySettings settings) {
        NamedTimeoutConstraint timeouts = new NamedTimeoutConstraint(TIMEOUTS);
        timeouts.setConnectionTimeout(CONNECT_MILLIS);
        timeouts.setReadTimeout(READ_MILLIS);
        settings.addConfigured(timeouts);
        for (DependencyResolver resolver : settings.getResolvers()) {
            if (resolver instanceof AbstractResolver remote && remote.getTimeoutConstraint() == null) {
                remote.setTimeoutConstraint(TIMEOUTS);
                remote.validate();
            }
        }
    }

    /** In place of Ivy's: it does not say whether a repository lacks a file or cannot be reached. */
    private static String reason(RuntimeException failure) {
        String ivy = Causes.firstLine(failure);
        if (ivy.contains("unresolved dependency")) {
            return "no repository that Spark asks has it and can be reached";
        }
        return ivy.contains("download failed") ? "its download broke off or is damaged" : Causes.root(failure);
    }

    private static String hosts(IvySettings settings) {
        String hosts = settings.getResolvers().stream()
                .filter(IBiblioResolver.class::isInstance)
                .map(resolver -> HOST.matcher(((IBiblioResolver) resolver).getRoot()))
                .filter(Matcher::matches)
                .map(host -> host.group(1))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return hosts.isEmpty() ? "" : " (" + hosts + ")";
    }
}
