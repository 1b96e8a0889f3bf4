//! Fewer points, the same look: of the points in one column of pixels, a line needs only the first, the last, the highest
//! and the lowest.

use crate::canvas::PathData;

/// Columns a pixel, so that a PNG of twice the size looks the same, too.
const COLUMNS: f64 = 4.0;

/// The path through points in pixels; `None` breaks the line. Points behind one another in the same column are thinned.
pub(crate) fn thin_path(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> PathData {
    let mut path = PathData::default();
    let mut column = None::<Column>;
    let mut is_broken = true;
    for point in points {
        let Some(point) = point else {
            flush(&mut column, &mut path, &mut is_broken);
            is_broken = true;
            continue;
        };
        match &mut column {
            Some(open) if open.holds(point) => open.add(point),
            _ => {
                flush(&mut column, &mut path, &mut is_broken);
                column = Some(Column::new(point));
            }
        }
    }
    flush(&mut column, &mut path, &mut is_broken);
    path
}

fn flush(column: &mut Option<Column>, path: &mut PathData, is_broken: &mut bool) {
    for point in column.take().iter().flat_map(Column::points) {
        if *is_broken {
            path.move_to(point);
            *is_broken = false;
        } else {
            path.push(point);
        }
    }
}

/// The points of one column of pixels, in the order in which they came.
struct Column {
    place: f64,
    n_points: usize,
    first: (usize, (f64, f64)),
    last: (usize, (f64, f64)),
    highest: (usize, (f64, f64)),
    lowest: (usize, (f64, f64)),
}

impl Column {
    fn new(point: (f64, f64)) -> Self {
        Self {
            place: (point.0 * COLUMNS).floor(),
            n_points: 1,
            first: (0, point),
            last: (0, point),
            highest: (0, point),
            lowest: (0, point),
        }
    }

    fn holds(&self, point: (f64, f64)) -> bool {
        let place = (point.0 * COLUMNS).floor();
        (place - self.place).abs() < 0.5
    }

    fn add(&mut self, point: (f64, f64)) {
        let numbered = (self.n_points, point);
        self.n_points += 1;
        self.last = numbered;
        if point.1 > self.highest.1.1 {
            self.highest = numbered;
        }
        if point.1 < self.lowest.1.1 {
            self.lowest = numbered;
        }
    }

    fn points(&self) -> Vec<(f64, f64)> {
        let mut points = vec![self.first, self.highest, self.lowest, self.last];
        points.sort_by_key(|(index, _)| *index);
        points.dedup_by_key(|(index, _)| *index);
        points.into_iter().map(|(_, point)| point).collect()
    }
}
