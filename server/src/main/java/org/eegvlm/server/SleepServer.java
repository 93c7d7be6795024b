package org.eegvlm.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.Map;
import org.eegvlm.core.io.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about EEG over HTTP. Safe for many clients at once: they wait for the model one after another.
 *
 * <p>It knows nobody and asks for no password: leave it on the loopback, or put something in front that does.
 */
public final class SleepServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SleepServer.class);
    private static final String JSON = "application/json";

    private final ServerConfig config;
    private final Answerer answerer;
    private final Javalin app;

    private SleepServer(ServerConfig config, Answerer answerer) {
        this.config = config;
        this.answerer = answerer;
        this.app = Javalin.create(this::configure);
    }

    /**
     * Loads the models and begins to listen.
     *
     * @throws IllegalArgumentException if a folder holds no model, or the models do not go together
     * @throws org.eegvlm.core.MalformedDataException if a model file is broken
     */
    public static SleepServer start(ServerConfig config) throws IOException {
        var server = new SleepServer(config, Answerer.open(config.models(), config.limits()));
        try {
            server.app.start(config.host(), config.port());
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw new IOException(
                    "cannot listen on %s:%d; is the port taken?".formatted(config.host(), config.port()), e);
        }
    }

    /** Where it listens. */
    public int port() {
        return app.port();
    }

    /** Waits until the server is stopped. */
    public void join() throws InterruptedException {
        app.jettyServer().server().join();
    }

    /** Stops listening, then frees the models. */
    @Override
    public void close() {
        app.stop();
        answerer.close();
    }

    private void configure(JavalinConfig javalin) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.http.maxRequestSize = config.limits().bodyBytes();
        javalin.routes.get("/health", this::health);
        javalin.routes.post("/v1/answers", this::answer);
        javalin.routes.exception(Refusal.class, (e, ctx) -> problem(ctx, e.status(), e.reason()));
        javalin.routes.exception(
                HttpResponseException.class, (e, ctx) -> problem(ctx, e.getStatus(), String.valueOf(e.getMessage())));
        javalin.routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("request failed", e);
            problem(ctx, 500, "the server failed; its log tells why");
        });
        javalin.routes.error(404, ctx -> problem(ctx, 404, "there is GET /health and POST /v1/answers"));
    }

    private void health(Context ctx) {
        reply(ctx, Map.of("status", "ok", "model", answerer.model()));
    }

    private void answer(Context ctx) throws IOException {
        reply(ctx, answerer.answer(AnswerRequest.parse(body(ctx))));
    }

    /** The body, read no further than the limit: a chunked one does not tell its length beforehand. */
    private byte[] body(Context ctx) throws IOException {
        int limit = config.limits().bodyBytes();
        if (ctx.contentLength() > limit) {
            throw Refusal.tooLarge("the body has more than %d bytes".formatted(limit));
        }
        var body = ctx.req().getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw Refusal.tooLarge("the body has more than %d bytes".formatted(limit));
        }
        return body;
    }

    private static void reply(Context ctx, Object content) {
        ctx.contentType(JSON).result(Json.line(content));
    }

    private static void problem(Context ctx, int status, String message) {
        ctx.status(status).contentType(JSON).result(Json.line(Map.of("error", message)));
    }
}
