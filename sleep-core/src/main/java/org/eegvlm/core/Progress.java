package org.eegvlm.core;

/** Where a long step tells how far it is. */
@FunctionalInterface
public interface Progress {

    /** For callers whom nobody watches. */
    Progress SILENT = (task, done, total, note) -> {};

    /**
     * Called after each unit of work.
     *
     * @param task what is being done, the same words throughout: {@code rendering}
     * @param note a figure worth seeing while waiting, such as {@code loss 0.71}, or nothing
     */
    void at(String task, long done, long total, String note);
}
