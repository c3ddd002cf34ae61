# Draws training-curves.png from training-curves.tsv:  gnuplot training-curves.gp
# Draws training-curves.pdf instead:  gnuplot -e "format = 'pdf'" training-curves.gp
# Command: redundancy-report --compare runs/clear-tiktok-999 runs/clear-off-tiktok-999 --output report/compare
# Data digest: clear-off-tiktok-999/config.yaml=ef48faccab024f2ebb60e5c5db1a4ade22cff913fafb246f34ddefe9826219cf clear-off-tiktok-999/metrics.jsonl=19d4a20d90d82c73ff367459e1ae91038ed72982a5580921be8d35598f9de871 clear-tiktok-999/config.yaml=d46facec6c5f5129f0129af19fa38ecdcb6325526e48060d5eddfe16176e8b47 clear-tiktok-999/metrics.jsonl=01d5c5b5ab0f74e0d12006e68ad00b71c99c8603ccb36a3098caaf620e3190ca
# Software: redundancy-report 0.1.0

if (!exists('format')) format = 'png'
table = 'training-curves.tsv'
first = '#0072B2'
second = '#D55E00'
first_points = 0x40005B8E
second_points = 0x40F28E52
ink = '#222222'
reference = '#7A7A7A'
rule = '#E4E4E4'
shade = '#EFEFEF'
small = ',5.6'

set encoding utf8
set datafile separator tab
set border 3 linewidth 0.5 linecolor rgb ink
set xtics nomirror out scale 0.4 offset 0,0.3 font small textcolor rgb ink
set ytics nomirror out scale 0.4 offset 0.4,0 font small textcolor rgb ink
set grid linetype 1 linewidth 0.4 linecolor rgb rule
set key font small textcolor rgb ink noautotitle reverse Left samplen 1.5
set format '%g'
if (format eq 'png') {
  set terminal pngcairo size 1980,2796 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,18.64in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'training-curves.'.format

set multiplot
set label 'dashed: after projection, test · marker: best epoch' at screen 0.5000, screen 0.0118 center font small textcolor rgb ink
set label 'tiktok · solid: before projection, validation' at screen 0.5000, screen 0.0333 center font small textcolor rgb ink
set arrow from screen 0.0606, screen 0.0730 to screen 0.1091, screen 0.0730 nohead linecolor rgb '#0072B2' linewidth 0.9
set label 'clear-tiktok-999' at screen 0.1212, screen 0.0730 left font small \
  textcolor rgb ink
set label '' at screen 0.0848, screen 0.0730 point linecolor rgb '#0072B2' linewidth 0.7 \
  pointtype 7 pointsize 0.42
set arrow from screen 0.5394, screen 0.0730 to screen 0.5879, screen 0.0730 nohead linecolor rgb '#D55E00' linewidth 0.9
set label 'clear-off-tiktok-999' at screen 0.6000, screen 0.0730 left font small \
  textcolor rgb ink
set label '' at screen 0.5636, screen 0.0730 point linecolor rgb '#D55E00' linewidth 0.7 \
  pointtype 9 pointsize 0.42
set lmargin at screen 0.1091
set rmargin at screen 0.4788
set bmargin at screen 0.8176
set tmargin at screen 0.9635
set label 'σ₁ … σₖ, unprojected' at screen 0.2939, screen 0.9796 center font small textcolor rgb ink
set label 'epoch' at screen 0.4788, screen 0.7811 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set logscale y
set yrange [0.040736049947018176:0.7924375199678246]
set ytics ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5)
plot table index 0 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 1 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 2 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 3 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 4 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 5 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 6 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 7 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 0 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 4 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.6030
set rmargin at screen 0.9727
set bmargin at screen 0.8176
set tmargin at screen 0.9635
set label 'σ₁ … σₖ, projected' at screen 0.7879, screen 0.9796 center font small textcolor rgb ink
set label 'epoch' at screen 0.9727, screen 0.7811 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set logscale y
set yrange [0.00924301863849891:0.7434010911939795]
set ytics ('0.01' 0.01, '0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5)
plot table index 8 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 9 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 10 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 11 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.35, \
  table index 12 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 13 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 14 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 15 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.35, \
  table index 8 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 12 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.1091
set rmargin at screen 0.4788
set bmargin at screen 0.5901
set tmargin at screen 0.7361
set label 'effective rank' at screen 0.2939, screen 0.7521 center font small textcolor rgb ink
set label 'epoch' at screen 0.4788, screen 0.5536 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set yrange [4.309949280112281:32.98879424781687]
set ytics 10.0
plot table index 16 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 17 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 18 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 19 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 16 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 17 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 18 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 19 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.6030
set rmargin at screen 0.9727
set bmargin at screen 0.5901
set tmargin at screen 0.7361
set label 'share of Σσ² in the first k' at screen 0.7879, screen 0.7521 center font small textcolor rgb ink
set label 'epoch' at screen 0.9727, screen 0.5536 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set yrange [0.6582257494020183:1.0215702251867174]
set ytics 0.1
plot table index 20 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 21 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 22 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 23 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 20 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 21 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 22 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 23 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.1091
set rmargin at screen 0.4788
set bmargin at screen 0.3627
set tmargin at screen 0.5086
set label 'sliced Wasserstein distance' at screen 0.2939, screen 0.5247 center font small textcolor rgb ink
set label 'epoch' at screen 0.4788, screen 0.3262 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set yrange [0.44533163075349136:1.9928148630765838]
set ytics 0.5
plot table index 24 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 25 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 26 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 27 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 24 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 25 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 26 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 27 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.6030
set rmargin at screen 0.9727
set bmargin at screen 0.3627
set tmargin at screen 0.5086
set label 'overlap of 20 neighbours' at screen 0.7879, screen 0.5247 center font small textcolor rgb ink
set label 'epoch' at screen 0.9727, screen 0.3262 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set logscale y
set yrange [0.00274911346887369:0.012470313698031348]
set ytics (0.004, 0.006, 0.008, 0.01, 0.012)
plot table index 28 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 29 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 30 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 31 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 32 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#7A7A7A' linewidth 0.7 dashtype (2,2), \
  table index 33 using 5:($6 > 0 ? $6 : NaN) with lines linecolor rgb '#7A7A7A' linewidth 0.7 dashtype (2,2), \
  table index 28 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 29 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 30 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 31 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.1091
set rmargin at screen 0.4788
set bmargin at screen 0.1352
set tmargin at screen 0.2811
set label 'angle to the epoch before (°)' at screen 0.2939, screen 0.2972 center font small textcolor rgb ink
set label 'epoch' at screen 0.4788, screen 0.0987 right font small textcolor rgb ink
set xrange [2:81]
set xtics 20.0
set yrange [0.6857715435499767:16.485539677717167]
set ytics 5.0
plot table index 34 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 35 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 36 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 37 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 34 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 35 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 36 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 37 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
set lmargin at screen 0.6030
set rmargin at screen 0.9727
set bmargin at screen 0.1352
set tmargin at screen 0.2811
set label 'Recall\@20' at screen 0.7879, screen 0.2972 center font small textcolor rgb ink
set label 'epoch' at screen 0.9727, screen 0.0987 right font small textcolor rgb ink
set xrange [1:81]
set xtics 20.0
set yrange [0.007079138649550432:0.09960562691787155]
set ytics 0.020000000000000004
plot table index 38 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9, \
  table index 39 using 5:6 with lines linecolor rgb '#0072B2' linewidth 0.9 dashtype (6,3), \
  table index 40 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9, \
  table index 41 using 5:6 with lines linecolor rgb '#D55E00' linewidth 0.9 dashtype (6,3), \
  table index 38 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 39 using 5:($5 == 60 ? $6 : NaN) with points linecolor rgb '#0072B2' linewidth 0.7 pointtype 7 pointsize 0.42, \
  table index 40 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42, \
  table index 41 using 5:($5 == 58 ? $6 : NaN) with points linecolor rgb '#D55E00' linewidth 0.7 pointtype 9 pointsize 0.42
unset label
unset logscale
unset multiplot
unset output
