package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void keepsTextInAnyScript() {
        assertThat(Printable.line("Größe µV 睡眠 😴")).isEqualTo("Größe µV 睡眠 😴");
    }

    @Test
    void takesOutWhatSteersATerminal() {
        assertThat(Printable.line("a\u001b[31mb\u009b2Jc\u202ed\ne")).isEqualTo("a?[31mb?2Jc?d?e");
    }

    @Test
    void keepsLinesAndTabsWhereTheyAreOurs() {
        assertThat(Printable.lines("a\tb\nc\r\nd\re\u0007")).isEqualTo("a\tb\nc\r\nd?e?");
    }

    @Test
    void keepsWhatJsonMeans() throws Exception {
        var line = Json.line("\u009b2J \u202e \u001b µ 😴");
        assertThat(Printable.json(line)).isEqualTo("\"\\u009b2J \\u202e \\u001B µ 😴\"");
        assertThat(Json.MAPPER.readValue(Printable.json(line), String.class)).isEqualTo("\u009b2J \u202e \u001b µ 😴");
    }
}
