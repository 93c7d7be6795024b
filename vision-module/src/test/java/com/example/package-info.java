/** A module that is not ours. */
@NullMarked
package com.example;

import org.jspecify.annotations.NullMarked;
