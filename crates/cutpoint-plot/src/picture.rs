//! The finished picture: SVG as text, PNG as bytes. What is on it is decided elsewhere; where it is kept is the
//! caller's.

use std::fmt;

use resvg::{tiny_skia, usvg};

use crate::error::check_domain;
use crate::{Error, Result};

/// A picture.
///
/// It is SVG whose text is drawn as outlines of the shipped font, so that it looks the same on every machine, fonts or
/// none. The words stand in `<title>`, `<desc>` and the `aria-label` of each text, in full even where the drawn text is
/// cut.
///
/// # Examples
/// ```
/// use cutpoint_core::Label;
/// use cutpoint_metrics::ConfusionMatrix;
/// use cutpoint_plot::{HeatmapOptions, heatmap};
///
/// let labels = vec![Label::from("ham"), Label::from("spam")];
/// let matrix = ConfusionMatrix::from_counts(labels, ndarray::array![[100, 5], [10, 50]])?;
/// let picture = heatmap(&matrix, &HeatmapOptions::default())?;
/// assert!(picture.svg().contains("<title>Confusion matrix</title>"));
/// assert!(picture.png(1.0)?.starts_with(b"\x89PNG"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    svg: String,
    width: f64,
    height: f64,
}

impl Picture {
    const MOST_PIXELS: u32 = 100_000_000;

    pub(crate) fn new(svg: String, width: f64, height: f64) -> Self {
        Self { svg, width, height }
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The width in CSS pixels.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// The height in CSS pixels.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The picture as a PNG file.
    ///
    /// `scale`: pixels of the file a CSS pixel, in `[0.1, 20]`; 2 is sharp on most of today's screens.
    ///
    /// # Errors
    /// - [`Error::Domain`] for a scale outside its domain.
    /// - [`Error::Pixels`] for a file of more than 10^8 pixels.
    ///
    /// # Panics
    /// If the SVG is not SVG, which would be an error of this crate.
    pub fn png(&self, scale: f64) -> Result<Vec<u8>> {
        check_domain("scale", scale, 0.1, 20.0)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are between 1 and some ten thousand pixels, and the cast saturates"
        )]
        let pixels = |size: f64| (size * scale).round().max(1.0) as u32;
        let (width, height) = (pixels(self.width), pixels(self.height));
        if width
            .checked_mul(height)
            .is_none_or(|n_pixels| n_pixels > Self::MOST_PIXELS)
        {
            return Err(Error::Pixels {
                max: Self::MOST_PIXELS,
                width,
                height,
            });
        }
        let tree = usvg::Tree::from_str(&self.svg, &usvg::Options::default())
            .expect("the picture is an SVG document");
        let mut pixmap = tiny_skia::Pixmap::new(width, height).expect("a size above 0");
        #[expect(clippy::cast_possible_truncation, reason = "a factor near the scale")]
        let factor = |n_pixels: u32, size: f64| (f64::from(n_pixels) / size) as f32;
        let transform = tiny_skia::Transform::from_scale(
            factor(width, self.width),
            factor(height, self.height),
        );
        resvg::render(&tree, transform, &mut pixmap.as_mut());
        Ok(pixmap.encode_png().expect("pixels make a PNG"))
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.svg)
    }
}
