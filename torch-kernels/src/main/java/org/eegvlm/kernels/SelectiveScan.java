package org.eegvlm.kernels;

/**
 * The recurrence of Mamba (Gu &amp; Dao 2023, arXiv:2312.00752), to be loaded beside a network's own kernels: {@code
 * self.selective_scan(x, dt, a, b, c, d)}. Its gradient is autograd's: every state is kept.
 */
public final class SelectiveScan {

    public static final KernelSource SOURCE = new KernelSource(SelectiveScan.class, "scan.kernels.py");

    private SelectiveScan() {}
}
