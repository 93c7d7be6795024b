package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TorchDeviceTest {

    @Test
    void tellsNoFreeBytesOfAGpuThatIsNotThere() {
        assertThatThrownBy(() -> TorchDevice.freeBytes(TorchDevice.of("cuda:99")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no device cuda:99");
    }
}
