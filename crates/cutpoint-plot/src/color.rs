//! Colours: a palette that colour-blind people can tell apart, the map of the heatmap, and which text can be read on
//! it. What is drawn with them is not known here.

mod viridis;

use std::fmt;

use self::viridis::VIRIDIS;

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    pub(crate) const WHITE: Self = Self::new(255, 255, 255);
    pub(crate) const BLACK: Self = Self::new(0, 0, 0);
    /// Axes and text.
    pub(crate) const INK: Self = Self::new(34, 34, 34);
    /// What stands back: chance, margins of error.
    pub(crate) const FAINT: Self = Self::new(110, 110, 110);
    pub(crate) const GRID: Self = Self::new(228, 228, 228);
    pub(crate) const BLUE: Self = Self::new(0, 114, 178);
    pub(crate) const VERMILION: Self = Self::new(213, 94, 0);
    pub(crate) const GREEN: Self = Self::new(0, 158, 115);
    pub(crate) const PURPLE: Self = Self::new(204, 121, 167);
    pub(crate) const ORANGE: Self = Self::new(230, 159, 0);
    pub(crate) const SKY: Self = Self::new(86, 180, 233);

    const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The relative luminance, in `[0, 1]`.
    ///
    /// # References
    /// W3C, 2018, *Web Content Accessibility Guidelines 2.1*, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast of two colours, in `[1, 21]`.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "#{:02x}{:02x}{:02x}",
            self.red, self.green, self.blue
        )
    }
}

/// The colour of a series of a chart.
///
/// # References
/// Okabe and Ito, 2008, *Color universal design*. Their yellow is left out, which is too light for lines on white.
pub(crate) fn of_series(index: usize) -> Color {
    const PALETTE: [Color; 7] = [
        Color::BLUE,
        Color::VERMILION,
        Color::GREEN,
        Color::PURPLE,
        Color::ORANGE,
        Color::SKY,
        Color::BLACK,
    ];
    PALETTE[index % PALETTE.len()]
}

/// The dashes of a series of a chart, so that lines can be told apart without colour.
pub(crate) fn dash_of_series(index: usize) -> &'static str {
    const DASHES: [&str; 4] = ["", "7 3", "2 2.5", "9 3 2 3"];
    DASHES[index % DASHES.len()]
}

/// The colour of a share of the range of a heatmap, from dark purple at 0 to yellow at 1.
pub(crate) fn of_heat(share: f64) -> Color {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below 256, and the cast saturates"
    )]
    let index = (share * VIRIDIS.len() as f64) as usize;
    let [_, red, green, blue] = VIRIDIS[index.min(VIRIDIS.len() - 1)].to_be_bytes();
    Color::new(red, green, blue)
}

/// The colour of text on a cell of a heatmap: the far end of the map, as scikit-learn has it, where that can be read,
/// and else black or white.
pub(crate) fn of_text_on(background: Color) -> Color {
    let better = |one: Color, two: Color| {
        if one.contrast(background) >= two.contrast(background) {
            one
        } else {
            two
        }
    };
    let end = better(of_heat(0.0), of_heat(1.0));
    if end.contrast(background) >= LEAST_CONTRAST {
        end
    } else {
        better(Color::BLACK, Color::WHITE)
    }
}

/// The red, green and blue of a share in `[0, 1]` of the range of a heatmap, and of text on it: the colours that
/// [`heatmap`](crate::heatmap) has, for those who draw one by other means.
///
/// # Examples
/// ```
/// // The ends of the map viridis, each with the other end as its text.
/// assert_eq!(cutpoint_plot::heat_colors(0.0), [[68, 1, 84], [253, 231, 37]]);
/// assert_eq!(cutpoint_plot::heat_colors(1.0), [[253, 231, 37], [68, 1, 84]]);
/// ```
pub fn heat_colors(share: f64) -> [[u8; 3]; 2] {
    let background = of_heat(share);
    [background, of_text_on(background)].map(|color| [color.red, color.green, color.blue])
}

/// What text of normal size needs to be read.
///
/// # References
/// W3C, 2018, *Web Content Accessibility Guidelines 2.1*, criterion 1.4.3.
const LEAST_CONTRAST: f64 = 4.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        // Black on white is 21 by definition; #767676 is the lightest grey that reaches 4.5 on white.
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 1e-12);
        assert!(Color::new(0x76, 0x76, 0x76).contrast(Color::WHITE) >= 4.5);
        assert!(Color::new(0x77, 0x77, 0x77).contrast(Color::WHITE) < 4.5);
    }

    #[test]
    fn the_map_is_matplotlibs() {
        // matplotlib 3.11.2, `colormaps["viridis"]` at 0, 85, 170 and 255 of 255.
        let hex = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0].map(|share| of_heat(share).to_string());
        assert_eq!(hex, ["#440154", "#31688e", "#35b779", "#fde725"]);
    }

    #[test]
    fn text_can_be_read_on_every_color_of_the_map() {
        for step in 0..=1000 {
            let background = of_heat(f64::from(step) / 1000.0);
            let contrast = of_text_on(background).contrast(background);
            assert!(contrast >= LEAST_CONTRAST, "{background}: {contrast}");
        }
        assert_eq!(of_text_on(of_heat(0.0)), of_heat(1.0));
        assert_eq!(of_text_on(of_heat(1.0)), of_heat(0.0));
    }

    #[test]
    fn series_can_be_told_apart_and_seen_on_white() {
        for index in 0..7 {
            assert!(of_series(index).contrast(Color::WHITE) > 2.0, "{index}");
            for other in 0..index {
                assert_ne!(of_series(index), of_series(other));
            }
        }
    }
}
