/**
 * The same answers over HTTP: {@code GET /health}, {@code POST /v1/answers}.
 *
 * <pre>{@code
 * try (var server = SleepServer.start(ServerConfig.of(modelPath, Optional.of(modelBase), vision))) {
 *     server.join();
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.server;

import org.jspecify.annotations.NullMarked;
