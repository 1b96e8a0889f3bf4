//! The pixels of a PNG: the colours that matplotlib gives the cells, and text that is there without any font.

use cutpoint_plot::{ColorBar, HeatmapOptions, Picture, heatmap};
use resvg::tiny_skia::Pixmap;

use crate::fixtures::tutorial;

/// The PNG of the tutorial's heatmap that a person looked at.
const SEEN: &[u8] = include_bytes!("seen/heatmap.png");

/// Rasterisers round edges differently on machines with other vector units: few pixels, and by little.
const MEAN_DIFFERENCE: f64 = 0.05;

fn pixels(png: &[u8]) -> Pixmap {
    Pixmap::decode_png(png).expect("a PNG file")
}

fn picture() -> Picture {
    let options = HeatmapOptions::default().title("Confusion matrix — logistic regression");
    heatmap(&tutorial(), &options).expect("a picture")
}

#[test]
fn the_picture_is_the_one_that_was_seen() {
    let (got, seen) = (pixels(&picture().png(1.0).unwrap()), pixels(SEEN));
    assert_eq!((got.width(), got.height()), (seen.width(), seen.height()));
    let differences = got.data().iter().zip(seen.data());
    let sum = differences.map(|(&one, &other)| f64::from(one.abs_diff(other)));
    let mean = sum.sum::<f64>() / got.data().len() as f64;
    assert!(mean <= MEAN_DIFFERENCE, "{mean}");
}

#[test]
fn cells_have_matplotlibs_colors_and_text_stands_in_their_middle() {
    let options = HeatmapOptions::default()
        .title("")
        .color_bar(ColorBar::Hidden);
    let picture = heatmap(&tutorial(), &options).unwrap();
    let pixmap = pixels(&picture.png(2.0).unwrap());
    assert!((f64::from(pixmap.width()) - 2.0 * picture.width()).abs() < 1e-9);
    let color = |x: u32, y: u32| {
        let pixel = pixmap.pixel(x, y).expect("within the picture");
        (pixel.red(), pixel.green(), pixel.blue())
    };
    // From the right and the top edge, whose margins do not depend on the width of names.
    let (right, top) = (pixmap.width() - 36, 36);
    let cells = [
        ((right - 700, top + 20), (0xfd, 0xe7, 0x25)),
        ((right - 20, top + 20), (0x44, 0x01, 0x54)),
        ((right - 700, top + 700), (0x47, 0x2a, 0x7a)),
        ((right - 20, top + 700), (0x20, 0xa4, 0x86)),
    ];
    for ((x, y), expected) in cells {
        assert_eq!(color(x, y), expected, "at {x}, {y}");
    }
    // "9" is yellow on the dark cell whose middle is 90 pixels from the right edge and 90 from the top.
    let near = (right - 200..right - 160).flat_map(|x| (top + 160..top + 200).map(move |y| (x, y)));
    let n_bright = near.filter(|&(x, y)| color(x, y).1 > 150).count();
    assert!((30..600).contains(&n_bright), "{n_bright}");
}

#[test]
fn the_same_picture_is_the_same_file() {
    assert_eq!(picture().svg(), picture().svg());
    assert_eq!(picture().png(1.5).unwrap(), picture().png(1.5).unwrap());
}
