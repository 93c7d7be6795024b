package org.eegvlm.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 5GB}, {@code 500MB}, or a number of bytes. */
final class ByteCount implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KB|MB|GB)?", Pattern.CASE_INSENSITIVE);

    @Override
    public Long convert(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new TypeConversionException("'%s' is no size; write 5GB, 500MB or a number".formatted(text));
        }
        long unit = switch (form.group(2) == null ? "B" : form.group(2).toUpperCase(Locale.ROOT)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            default -> 1L;
        };
        try {
            return Math.multiplyExact(Long.parseLong(form.group(1)), unit);
        } catch (ArithmeticException e) {
            throw new TypeConversionException("'%s' is more than any disk holds".formatted(text));
        }
    }
}
