//! Tests of the public face of `cutpoint-plot`: the text of pictures, their pixels, and what becomes of bad input.

mod bad_input;
mod charts;
mod fixtures;
mod heatmap;
mod pixels;
mod report;
