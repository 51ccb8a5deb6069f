package io.ventral.backend.onednn.winograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.onednn.winograd.WinogradProblem.Images;
import org.junit.jupiter.api.Test;

class WinogradProblemTest {
  private static WinogradProblem same(int count, int edge, int inputs, int outputs) {
    return new WinogradProblem(
        new Images(count, edge, edge, inputs), new Images(count, edge, edge, outputs), 1, 1, false);
  }

  private static boolean pays(WinogradProblem problem, boolean prepared) {
    return ConvolutionChoice.cheaper().tiles(problem, prepared);
  }

  @Test
  void countsTilesThatImagesFillInPart() {
    assertEquals(3 * 2 * 4, new Images(3, 7, 13, 5).tiles());
    assertEquals(1, new Images(1, 1, 1, 1).tiles());
  }

  @Test
  void findsPixelsWithChannelsInnermost() {
    assertEquals(((1 * 7 + 2) * 13 + 3) * 5, new Images(3, 7, 13, 5).at(1, 2, 3));
  }

  @Test
  void paysWhereChannelsAreManyOnBothSides() {
    assertTrue(pays(same(16, 56, 64, 64), false));
    assertTrue(pays(same(16, 14, 256, 256), false));
    assertFalse(pays(same(16, 224, 3, 64), true));
    assertFalse(pays(same(64, 28, 16, 16), true));
  }

  @Test
  void paysMoreOftenIfTheFilterIsPrepared() {
    assertFalse(pays(same(1, 28, 128, 128), false));
    assertTrue(pays(same(1, 28, 128, 128), true));
    assertFalse(pays(same(1, 7, 512, 512), true));
  }

  @Test
  void doesNotPayWhereTilesAreMostlyOutside() {
    assertFalse(pays(same(64, 1, 256, 256), true));
  }

  @Test
  void sharesTilesEvenlyAndMakesLargeFiltersWorthTheirReading() {
    assertEquals(64, same(16, 7, 512, 512).tilesAtOnce());
    assertEquals(256, same(16, 14, 512, 512).tilesAtOnce());
    assertEquals(256 / 4, same(16, 14, 256, 256).tilesAtOnce());
    WinogradProblem narrow = same(16, 56, 64, 64);
    assertEquals(Math.ceilDiv(3136, Math.ceilDiv(3136, 108)), narrow.tilesAtOnce());
  }

  @Test
  void lastTilesAreWhatIsLeft() {
    Tiling tiling = new Tiling(11, 4);
    assertEquals(4, tiling.first());
    assertEquals(4, tiling.count(4));
    assertEquals(3, tiling.count(8));
    assertEquals(3, tiling.last());
    assertEquals(4, new Tiling(8, 4).last());
    assertEquals(2, new Tiling(2, 4).first());
  }
}
