package org.eegvlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TameRegexTest {

    /** Llama 3's, GPT-2's, GPT-4o's and Mistral's, DeepSeek's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\s++$",
                " {2,}",
                "."
            })
    void takesThePatternsOfKnownModels(String pattern) {
        assertThatCode(() -> TameRegex.check(pattern)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(a+)+x",
                "(a|a)*x",
                "(?:a?){9}",
                "((a))",
                "(a|b)(a|b)",
                "\\s*\\s*\\s*x",
                "\\s*\\s*x",
                "a?a?a?aaa",
                "a{1,100}",
                "a{1,3}b{1,3}",
                "a{1,3}\\s+",
                "\\s+(a|b)",
                "(a)\\1",
                "(?<=a)b",
                "(?#)",
                "(",
                ")",
                "a)b",
                "[",
                "[]a]",
                "[^]",
                "[a[b]]",
                "\\",
                "\\p",
                "\\p{L",
                "*a",
                "a{x}",
                "a{1",
                "(?",
                "\\k<a>",
                "\\X",
                "\\x{1F600}"
            })
    void refusesWhatCouldTakeForEver(String pattern) {
        assertThatThrownBy(() -> TameRegex.check(pattern)).isInstanceOf(IllegalArgumentException.class);
    }
}
