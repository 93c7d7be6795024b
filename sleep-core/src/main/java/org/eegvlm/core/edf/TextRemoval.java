package org.eegvlm.core.edf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Takes the texts out of an annotation signal's bytes; times stay, so do texts that everybody uses alike. */
final class TextRemoval {

    /** Of the standard texts of EDF+ (edfplus.info) those of whole nights. */
    private static final Pattern STANDARD = Pattern.compile(
            "(Sleep stage .{1,2}|Movement time|Lights o(n|ff)|Recording (starts|ends))", Pattern.CASE_INSENSITIVE);

    private static final Pattern TIME = Pattern.compile("[+-][0-9.]+(\\x15[0-9.]*)?");
    private static final String NO_TEXT = "X";

    private TextRemoval() {}

    /** Changes the bytes of one record in place, and counts the texts that went. A list that breaks the rules goes whole. */
    static int from(byte[] raw) {
        var kept = new StringBuilder();
        int count = 0;
        for (var list : new String(raw, StandardCharsets.ISO_8859_1).split("\0+")) {
            var parts = list.split("\u0014", -1);
            if (parts.length > 1 && TIME.matcher(parts[0]).matches()) {
                kept.append(parts[0]).append('\u0014');
                for (int i = 1; i < parts.length - 1; i++) {
                    boolean stays =
                            parts[i].isEmpty() || STANDARD.matcher(parts[i]).matches();
                    kept.append(stays ? parts[i] : NO_TEXT).append('\u0014');
                    count += stays ? 0 : 1;
                }
                kept.append('\0');
                count += parts[parts.length - 1].isEmpty() ? 0 : 1;
            } else if (!list.isEmpty()) {
                count++;
            }
        }
        Arrays.fill(raw, (byte) 0);
        var bytes = kept.toString().getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, raw, 0, Math.min(bytes.length, raw.length));
        return count;
    }
}
