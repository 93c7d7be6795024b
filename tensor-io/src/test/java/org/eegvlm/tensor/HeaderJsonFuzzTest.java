package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class HeaderJsonFuzzTest {

    @FuzzTest
    void reads(byte[] content) {
        try {
            assertThat(HeaderJson.object(content)).doesNotContainValue(null);
        } catch (HeaderJson.Refused refused) {
            assertThat(refused.problem()).startsWith("byte ");
        }
    }
}
