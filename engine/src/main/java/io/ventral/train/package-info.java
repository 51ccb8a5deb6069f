/**
 * The loops: training and evaluation as programs and as passes over data, schedules, checkpoints,
 * the folder of a run. It must not print, and it must not know any device. Start at {@link
 * io.ventral.train.Trainer} and {@link io.ventral.train.TrainingProgram}.
 */
package io.ventral.train;
