/**
 * Truth: what every operation means, as plain loops over double that read like the formulas.
 * Results are rounded once to the declared type and do not depend on the number of threads. It must
 * not be made fast at the cost of clarity. Start at {@link
 * io.ventral.backend.reference.ReferenceKernels}, the one switch from operation to loop; one file
 * an operation family.
 */
package io.ventral.backend.reference;
