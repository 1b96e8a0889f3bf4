//! The heatmap against scikit-learn's: words, numbers, colours, names.

use cutpoint_metrics::Normalize;
use cutpoint_plot::{CellText, ColorBar, HeatmapOptions, heatmap, heatmap_panels};

use crate::fixtures::{many, matrix, number, skeleton, tutorial, words};

#[test]
fn the_tutorials_heatmap() {
    let options = HeatmapOptions::default().title("Confusion matrix — logistic regression");
    let picture = heatmap(&tutorial(), &options).unwrap();
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn the_tutorials_panels() {
    let matrix = tutorial();
    let options = HeatmapOptions::default().color_bar(ColorBar::Hidden);
    let raw = options.clone().title("Raw counts");
    let normalised = options
        .title("Normalised by true label")
        .normalize(Normalize::True);
    let picture = heatmap_panels(&[(&matrix, raw), (&matrix, normalised)]).unwrap();
    // scikit-learn prints 76/85, 9/85, 17/65 and 48/65 with two digits.
    assert_eq!(
        words(&picture),
        [
            "Raw counts",
            "76",
            "9",
            "17",
            "48",
            "Negative",
            "Negative",
            "Positive",
            "Positive",
            "Predicted label",
            "True label",
            "Normalised by true label",
            "0.89",
            "0.11",
            "0.26",
            "0.74",
            "Negative",
            "Negative",
            "Positive",
            "Positive",
            "Predicted label",
            "True label",
        ]
    );
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn cells_show_counts_shares_or_both() {
    let cells = |options: HeatmapOptions| {
        let options = options.title("").color_bar(ColorBar::Hidden);
        let picture = heatmap(&tutorial(), &options).unwrap();
        words(&picture)
            .into_iter()
            .take_while(|word| *word != "Negative")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let both = HeatmapOptions::default().cell_text(CellText::Both);
    // 76/150, 9/150, 17/150, 48/150.
    assert_eq!(
        cells(both.clone()),
        ["76", "50.7 %", "9", "6.0 %", "17", "11.3 %", "48", "32.0 %"]
    );
    // By column: 76/93, 9/57, 17/93, 48/57.
    assert_eq!(
        cells(both.normalize(Normalize::Pred)),
        [
            "76", "81.7 %", "9", "15.8 %", "17", "18.3 %", "48", "84.2 %"
        ]
    );
    let percent = HeatmapOptions::default().cell_text(CellText::Percent);
    assert_eq!(
        cells(percent.normalize(Normalize::True)),
        ["89.4 %", "10.6 %", "26.2 %", "73.8 %"]
    );
    let hidden = HeatmapOptions::default().cell_text(CellText::Hidden);
    assert!(cells(hidden).is_empty());
}

#[test]
fn names_may_be_given_and_may_be_of_any_script() {
    let names = ["עברית", "عربي", "🙂 & <b>", "漢字"];
    let counts = ndarray::Array2::from_shape_fn((4, 4), |(row, column)| (5 * row + column) as u64);
    let matrix = matrix(&["a", "b", "c", "d"], counts);
    let picture = heatmap(&matrix, &HeatmapOptions::default().names(names)).unwrap();
    let words = words(&picture);
    for name in ["עברית", "عربي", "🙂 &amp; &lt;b&gt;", "漢字"] {
        assert_eq!(
            words.iter().filter(|word| **word == name).count(),
            2,
            "{name}"
        );
    }
    // Glyph 0 is the box of what the font lacks.
    assert!(picture.svg().contains(r##"<use xlink:href="#dejavu-0""##));
    insta::assert_snapshot!(skeleton(&picture));
}

#[test]
fn long_names_are_cut_where_they_are_drawn_only() {
    let long = "a name that nobody would write by hand, ".repeat(20);
    let matrix = matrix(&[&long, "b"], ndarray::array![[5, 1], [2, 3]]);
    let picture = heatmap(&matrix, &HeatmapOptions::default()).unwrap();
    assert!(picture.width() < 800.0 && picture.height() < 800.0);
    assert!(words(&picture).contains(&long.as_str()));
}

#[test]
fn every_size_is_a_picture_in_which_no_names_overlap() {
    for n_classes in [1, 2, 3, 7, 20, 50, 51, 200, 500] {
        let picture = heatmap(&many(n_classes), &HeatmapOptions::default()).unwrap();
        assert!(picture.width() <= 1300.0, "{n_classes}");
        let rows = picture.svg().lines();
        let rows = rows.filter(|line| line.contains(r#"aria-label="class"#));
        let rows = rows.filter(|line| !line.contains("rotate")).map(|line| {
            let (_, place) = line.split_once("translate(").unwrap();
            let (_, y) = place.split_once(' ').unwrap();
            y.split(')').next().unwrap().parse::<f64>().unwrap()
        });
        let mut places = rows.collect::<Vec<_>>();
        // Level names below the cells share one line.
        places.sort_by(f64::total_cmp);
        places.dedup();
        assert!(
            places.windows(2).all(|pair| pair[1] - pair[0] >= 9.0),
            "{n_classes}"
        );
    }
}

#[test]
fn the_colors_are_matplotlibs() {
    let picture = heatmap(&tutorial(), &HeatmapOptions::default()).unwrap();
    let svg = picture.svg();
    // matplotlib 3.11.2: `colormaps["viridis"]` at (76 - 9) / 67, (17 - 9) / 67 and (48 - 9) / 67; 9 has the colour
    // below.
    for color in ["#fde725", "#472a7a", "#20a486"] {
        let cell = format!(r#"width="180" height="180" fill="{color}""#);
        assert_eq!(svg.matches(&cell).count(), 1, "{color}");
    }
    let below = svg
        .lines()
        .find(|line| line.contains(r##"fill="#440154""##));
    assert!((number(below.unwrap(), "width") - 360.0).abs() < 1e-9);
}

#[test]
fn the_words_for_those_who_do_not_see_it() {
    let picture = heatmap(&tutorial(), &HeatmapOptions::default()).unwrap();
    let svg = picture.svg();
    assert!(svg.contains(r#"role="img""#));
    assert!(svg.contains("<title>Confusion matrix</title>"));
    assert!(svg.contains(
        "True Negative: predicted Negative 76, Positive 9. \
         True Positive: predicted Negative 17, Positive 48.</desc>"
    ));
}
