package org.eegvlm.eval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.chart.LossPoint;
import org.eegvlm.core.chart.Svg;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;

/**
 * Turns an answers file into one page, {@code report.html}, that needs nothing beside it: hypnograms, scores and epochs
 * as the model saw them. Nights that nobody scored get their hypnogram, and no scores. The same answers give the same
 * bytes.
 */
public final class NightReport {

    private final NightReportConfig config;

    public NightReport(NightReportConfig config) {
        this.config = config;
    }

    /**
     * Writes the page.
     *
     * @return where it is
     * @throws org.eegvlm.core.io.OutputExistsException if the page is there already and may not be overwritten
     * @throws MalformedDataException if the answers or the loss file break their format, or there is no answer
     */
    public Path run() throws IOException {
        var output = Output.begin(config.output(), config.overwrite());
        Files.writeString(output.partial(), page(), StandardCharsets.UTF_8);
        output.finish();
        return config.output();
    }

    private String page() throws IOException {
        var answers = Answer.readAll(config.answers());
        if (answers.isEmpty()) {
            throw new MalformedDataException(config.answers(), "holds no answer");
        }
        var labelled =
                answers.stream().filter(answer -> answer.label().isPresent()).toList();
        var scores = labelled.isEmpty() ? Optional.<Scores>empty() : Optional.of(Scores.of(labelled));
        var sections = new ArrayList<String>();
        sections.add(ReportHeader.html(config, answers, scores));
        for (var night : AnsweredNight.of(answers, config.epochLength())) {
            sections.add(NightSection.html(night));
        }
        scores.ifPresent(figures -> sections.add(ConfusionTable.html(figures.overall())));
        scores.ifPresent(figures -> sections.add(SubjectTable.html(figures)));
        sections.add(EpochCards.html(answers, new Pictures(config.imageFolder()), config.epochLength()));
        if (config.loss().isPresent()) {
            sections.add(LossSection.html(LossPoint.readAll(config.loss().get())));
        }
        return document(sections);
    }

    private String document(List<String> sections) throws IOException {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                %s
                </main>
                <footer>For research, not for diagnosis.</footer>
                </body>
                </html>
                """.formatted(
                        Html.escape(config.title()), style(), sections.stream().collect(Collectors.joining("\n")));
    }

    private static String style() throws IOException {
        try (var css = NightReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing from the jar");
            }
            return Svg.style() + new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
