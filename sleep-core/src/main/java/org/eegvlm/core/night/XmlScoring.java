package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.ScoredStage;

/**
 * A hypnogram in XML: Compumedics Profusion's ({@code CMPStudyConfig/SleepStages/SleepStage}, one code an epoch) or the
 * NSRR's ({@code PSGAnnotation/ScoredEvents/ScoredEvent} of type {@code Stages}, with start, duration and a concept such
 * as {@code Stage 2 sleep|2}). Both name the {@code EpochLength} in seconds.
 *
 * <p>The file may be anybody's: document types and entities are refused, depth and text are bounded.
 */
final class XmlScoring {

    private static final long MOST_BYTES = 64L << 20;
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 10_000;
    private static final String STAGES = "stages";

    private final Path source;
    private final List<Scoring.Stretch> stretches = new ArrayList<>();
    private final Map<String, String> event = new HashMap<>();
    private Optional<Duration> epochLength = Optional.empty();
    private int depth;

    private XmlScoring(Path source) {
        this.source = source;
    }

    static Scoring read(Path source) throws IOException {
        if (Files.size(source) > MOST_BYTES) {
            throw new MalformedDataException(
                    source,
                    "is larger than a hypnogram: %d bytes, at most %d".formatted(Files.size(source), MOST_BYTES));
        }
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        try (var in = Files.newInputStream(source)) {
            return new XmlScoring(source).scoring(factory.createXMLStreamReader(in));
        } catch (XMLStreamException e) {
            var place = e.getLocation() == null
                    ? "start"
                    : "line " + e.getLocation().getLineNumber();
            throw new MalformedDataException(source, place, "is no well-formed XML");
        }
    }

    private Scoring scoring(XMLStreamReader xml) throws IOException, XMLStreamException {
        var text = new StringBuilder();
        while (xml.hasNext()) {
            switch (next(xml)) {
                case XMLStreamConstants.START_ELEMENT -> {
                    text.setLength(0);
                    enter(xml);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    refuse(text.length() > LONGEST_TEXT, xml, "a text of more than %d letters".formatted(LONGEST_TEXT));
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    leave(xml, text.toString().strip());
                    text.setLength(0);
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    refuse(true, xml, "a document type or an entity, which no hypnogram needs");
                default -> {}
            }
        }
        return new Scoring(stretches, Optional.empty(), Optional.empty(), epochLength);
    }

    private static int next(XMLStreamReader xml) throws XMLStreamException {
        try {
            return xml.next();
        } catch (MissingResourceException e) { // the JDK has no text for some of its own complaints
            throw new XMLStreamException("is no well-formed XML", xml.getLocation(), e);
        }
    }

    private void enter(XMLStreamReader xml) throws MalformedDataException {
        depth++;
        refuse(depth > DEEPEST, xml, "elements within elements, more than %d deep".formatted(DEEPEST));
        if (xml.getLocalName().equals("ScoredEvent")) {
            event.clear();
        }
    }

    private void leave(XMLStreamReader xml, String text) throws MalformedDataException {
        depth--;
        switch (xml.getLocalName()) {
            case "EpochLength" -> {
                double seconds = number(xml, text);
                refuse(!(seconds > 0 && seconds <= 3600), xml, "an epoch of %s s".formatted(text));
                refuse(!stretches.isEmpty(), xml, "the epoch's length stands after the stages it is for");
                epochLength = Optional.of(Duration.ofNanos(Math.round(seconds * 1e9)));
            }
            case "SleepStage" -> {
                double seconds = epochLength.orElse(Duration.ofSeconds(30)).toNanos() / 1e9;
                double start = stretches.size() * seconds;
                add(xml, start, seconds, text);
            }
            case "EventType", "EventConcept", "Start", "Duration" -> event.put(xml.getLocalName(), text);
            case "ScoredEvent" -> addEvent(xml);
            default -> {}
        }
    }

    /** Apnoeas and arousals are events too; only those of the type {@code Stages|Stages} are of a hypnogram. */
    private void addEvent(XMLStreamReader xml) throws MalformedDataException {
        if (!event.getOrDefault("EventType", "").toLowerCase(Locale.ROOT).startsWith(STAGES)) {
            return;
        }
        var concept = event.getOrDefault("EventConcept", "");
        double start = number(xml, event.getOrDefault("Start", ""));
        double duration = number(xml, event.getOrDefault("Duration", ""));
        refuse(!(duration > 0), xml, "a stage that does not last");
        add(xml, start, duration, concept.substring(concept.lastIndexOf('|') + 1));
    }

    private void add(XMLStreamReader xml, double start, double seconds, String code) throws MalformedDataException {
        Scorings.requireFew(source, stretches.size());
        stretches.add(new Scoring.Stretch(start, start + seconds, stage(xml, code)));
    }

    private ScoredStage stage(XMLStreamReader xml, String code) throws MalformedDataException {
        double number = number(xml, code);
        refuse(number != Math.rint(number), xml, "'%s' is no stage code".formatted(code));
        try {
            return StageCodes.EDF.stage((int) number);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(source, place(xml), String.valueOf(e.getMessage()));
        }
    }

    private double number(XMLStreamReader xml, String text) throws MalformedDataException {
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with the place
        }
        throw new MalformedDataException(source, place(xml), "'%s' is no number".formatted(text));
    }

    private void refuse(boolean broken, XMLStreamReader xml, String problem) throws MalformedDataException {
        if (broken) {
            throw new MalformedDataException(source, place(xml), problem);
        }
    }

    private static String place(XMLStreamReader xml) {
        return "line " + xml.getLocation().getLineNumber();
    }
}
