package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.server.ServerConfig;
import org.eegvlm.server.SleepServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Answers over HTTP: GET /health, POST /v1/answers. Only for this machine, unless told otherwise.",
        footer = {
            "%nExamples:",
            "  eegvlm serve --vision demo/runs/vision --model-path demo/checkpoints/nano",
            "  eegvlm serve --model-path checkpoints/nano --model-base models/nano-llava --port 9000"
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--vision", description = "Folder of the vision module; without it only feature rows are taken.")
    private Optional<Path> vision = Optional.empty();

    @Option(names = "--host", defaultValue = ServerConfig.LOOPBACK, description = "Where to listen (${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "" + ServerConfig.PORT,
            description = "0: any free one (${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var models = new ServerConfig.Models(model.path(), model.base(), vision, model.load());
        var config = new ServerConfig(host, port, models, ServerConfig.Limits.DEFAULT);
        try (var server = SleepServer.start(config)) {
            terminal.print("listening on http://%s:%d; Ctrl-C stops it", host, server.port());
            server.join();
        }
        return ExitCode.GOOD;
    }
}
