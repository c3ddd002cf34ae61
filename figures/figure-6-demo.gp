# Draws figure-6-demo.png from figure-6-demo.tsv:  gnuplot figure-6-demo.gp
# Draws figure-6-demo.pdf instead:  gnuplot -e "format = 'pdf'" figure-6-demo.gp
# Command: 03_joint_maps
# Data digest: image=c6c138a22b63d7f5d141ca00311e678410873d49dc106c693b60f645b330dc22 text=7bf8cbb956e1bff842d5db56adb3ef64f48189da52616b0bc909665fb4155685
# Seed: 999
# Software: redundancy-report notebook

if (!exists('format')) format = 'png'
table = 'figure-6-demo.tsv'
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
  set terminal pngcairo size 1980,1355 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,9.04in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-6-demo.'.format

set label 'demo · N = 2,000 items · perplexity 30 · seed 999' at screen 0.5000, screen 0.0243 center font small textcolor rgb ink
# The PDF stays small: of very many points it has the first ones, a random share.
shown = format eq 'png' ? 2147483647 : 37999
is_first(name) = name eq 'image'
set multiplot
set lmargin at screen 0.1000
set rmargin at screen 0.4485
set bmargin at screen 0.2566
set tmargin at screen 0.7655
set border 15
set label 't-SNE axis 1' at screen 0.2742, screen 0.1615 center font small textcolor rgb ink
set label 't-SNE axis 2' at screen 0.0242, screen 0.5111 center rotate by 90 font small textcolor rgb ink
set xrange [-1.9744373504886252:2.0312844901124616]
set yrange [-2.0072256241756374:1.9984962164254494]
set xtics 1.0
set ytics 1.0
set format y '%g'
set label 'before projection' center textcolor rgb ink \
  at screen 0.2818, screen 0.9624
set label 'Overlap 0.216 · SWD 0.566' center font small textcolor rgb ink \
  at screen 0.2818, screen 0.9115
set key at screen 0.5000, screen 0.0973 \
  center center horizontal maxrows 1 samplen 0.6 width 0.5
plot table index 8 every ::::shown using 4:5: \
    (is_first(strcol(3)) ? 0.31622776601683794 : 0.39528470752104744): \
    (is_first(strcol(3)) ? 7 : 9): \
    (is_first(strcol(3)) ? first_points : second_points) \
    with points pointsize variable pointtype variable linewidth 0.01 \
    linecolor rgb variable, \
  NaN with points pointtype 7 pointsize 0.6 linewidth 0.01 \
    linecolor rgb first_points \
    title 'image', \
  NaN with points pointtype 9 pointsize 0.6 linewidth 0.01 \
    linecolor rgb second_points \
    title 'text'
unset label
unset key
unset grid
unset tics
set lmargin at screen 0.1000
set rmargin at screen 0.4485
set bmargin at screen 0.7743
set tmargin at screen 0.8717
set border 1
set xrange [-1.9744373504886252:2.0312844901124616]
set yrange [0:0.9413149836393621]
plot table index 0 using 4:5 with filledcurves closed fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 1 using 4:5 with filledcurves closed fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 0 using 4:5 with lines linecolor rgb first linewidth 0.8, \
  table index 1 using 4:5 with lines linecolor rgb second linewidth 0.8 \
      dashtype (6,3)
set lmargin at screen 0.4545
set rmargin at screen 0.5212
set bmargin at screen 0.2566
set tmargin at screen 0.7655
set border 2
set xrange [0:0.9413149836393621]
set yrange [-2.0072256241756374:1.9984962164254494]
plot table index 2 using 4:5 with filledcurves closed fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 3 using 4:5 with filledcurves closed fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 2 using 4:5 with lines linecolor rgb first linewidth 0.8, \
  table index 3 using 4:5 with lines linecolor rgb second linewidth 0.8 \
      dashtype (6,3)
set border 3 linewidth 0.5 linecolor rgb ink
set xtics nomirror out scale 0.4 offset 0,0.3 font small textcolor rgb ink
set ytics nomirror out scale 0.4 offset 0.4,0 font small textcolor rgb ink
set grid linetype 1 linewidth 0.4 linecolor rgb rule
set key font small textcolor rgb ink noautotitle reverse Left samplen 1.5
set format '%g'
set lmargin at screen 0.5576
set rmargin at screen 0.9061
set bmargin at screen 0.2566
set tmargin at screen 0.7655
set border 15
set label 't-SNE axis 1' at screen 0.7318, screen 0.1615 center font small textcolor rgb ink
set label '' at screen 0.4818, screen 0.5111 center rotate by 90 font small textcolor rgb ink
set xrange [-1.9744373504886252:2.0312844901124616]
set yrange [-2.0072256241756374:1.9984962164254494]
set xtics 1.0
set ytics 1.0
set format y ''
set label 'after projection' center textcolor rgb ink \
  at screen 0.7394, screen 0.9624
set label 'Overlap 0.099 · SWD 0.529' center font small textcolor rgb ink \
  at screen 0.7394, screen 0.9115
set key at screen 0.5000, screen 0.0973 \
  center center horizontal maxrows 1 samplen 0.6 width 0.5
plot table index 9 every ::::shown using 4:5: \
    (is_first(strcol(3)) ? 0.31622776601683794 : 0.39528470752104744): \
    (is_first(strcol(3)) ? 7 : 9): \
    (is_first(strcol(3)) ? first_points : second_points) \
    with points pointsize variable pointtype variable linewidth 0.01 \
    linecolor rgb variable
unset label
unset key
unset grid
unset tics
set lmargin at screen 0.5576
set rmargin at screen 0.9061
set bmargin at screen 0.7743
set tmargin at screen 0.8717
set border 1
set xrange [-1.9744373504886252:2.0312844901124616]
set yrange [0:0.9413149836393621]
plot table index 4 using 4:5 with filledcurves closed fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 5 using 4:5 with filledcurves closed fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 4 using 4:5 with lines linecolor rgb first linewidth 0.8, \
  table index 5 using 4:5 with lines linecolor rgb second linewidth 0.8 \
      dashtype (6,3)
set lmargin at screen 0.9121
set rmargin at screen 0.9788
set bmargin at screen 0.2566
set tmargin at screen 0.7655
set border 2
set xrange [0:0.9413149836393621]
set yrange [-2.0072256241756374:1.9984962164254494]
plot table index 6 using 4:5 with filledcurves closed fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 7 using 4:5 with filledcurves closed fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 6 using 4:5 with lines linecolor rgb first linewidth 0.8, \
  table index 7 using 4:5 with lines linecolor rgb second linewidth 0.8 \
      dashtype (6,3)
set border 3 linewidth 0.5 linecolor rgb ink
set xtics nomirror out scale 0.4 offset 0,0.3 font small textcolor rgb ink
set ytics nomirror out scale 0.4 offset 0.4,0 font small textcolor rgb ink
set grid linetype 1 linewidth 0.4 linecolor rgb rule
set key font small textcolor rgb ink noautotitle reverse Left samplen 1.5
set format '%g'
unset multiplot
unset output
