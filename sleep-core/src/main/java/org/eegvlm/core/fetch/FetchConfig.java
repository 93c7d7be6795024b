package org.eegvlm.core.fetch;

import static org.eegvlm.core.Preconditions.require;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.eegvlm.core.night.NightChoice;

/**
 * What to fetch from where.
 *
 * @param source a folder laid out as PhysioNet's, with {@code SHA256SUMS.txt}
 * @param output where the same layout is to be
 * @param choice which nights
 * @param attempts how often a file is asked for again after it gave nothing new
 * @param timeout how long the server may be silent
 * @param pause how long to wait after an attempt that gave nothing new; twice as long after the next, up to 16 times
 */
public record FetchConfig(URI source, Path output, NightChoice choice, int attempts, Duration timeout, Duration pause) {

    /** Sleep-EDF Database Expanded, version 1.0.0; about 8 GB. */
    public static final URI PHYSIONET = URI.create("https://physionet.org/files/sleep-edfx/1.0.0/");

    private static final int ATTEMPTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    public FetchConfig {
        var scheme = String.valueOf(source.getScheme());
        require(scheme.equals("https") || scheme.equals("http"), "no web address: %s", source);
        require(source.getAuthority() != null, "no host in the web address: %s", source);
        require(!pause.isNegative(), "a pause lasts 0 seconds or more, was %s", pause);
        require(attempts >= 1, "attempts must be positive, were %d", attempts);
        source = source.getPath().endsWith("/") ? source : URI.create(source + "/");
    }

    public FetchConfig(URI source, Path output, NightChoice choice) {
        this(source, output, choice, ATTEMPTS, TIMEOUT, PAUSE);
    }
}
