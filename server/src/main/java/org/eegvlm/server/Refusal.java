package org.eegvlm.server;

/** Thrown where a request cannot be served and the client can do something about it; the message is for the client. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    private Refusal(int status, String message) {
        super(message);
        this.status = status;
        reason = message;
    }

    /** The request is not what this address takes. */
    static Refusal malformed(String message) {
        return new Refusal(400, message);
    }

    /** The request is larger than a limit. */
    static Refusal tooLarge(String message) {
        return new Refusal(413, message);
    }

    /** The request is well formed, but this model can make nothing of it. */
    static Refusal unfit(String message) {
        return new Refusal(422, message);
    }

    /** Too many wait already. */
    static Refusal busy() {
        return new Refusal(503, "the model is busy; try again later");
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
