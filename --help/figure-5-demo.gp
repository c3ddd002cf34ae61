# Draws figure-5-demo.png from figure-5-demo.tsv:  gnuplot figure-5-demo.gp
# Draws figure-5-demo.pdf instead:  gnuplot -e "format = 'pdf'" figure-5-demo.gp
# Command: 02_covariance_spectrum
# Data digest: image=c6c138a22b63d7f5d141ca00311e678410873d49dc106c693b60f645b330dc22 text=7bf8cbb956e1bff842d5db56adb3ef64f48189da52616b0bc909665fb4155685
# Seed: 999
# Software: redundancy-report notebook

if (!exists('format')) format = 'png'
table = 'figure-5-demo.tsv'
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
  set terminal pngcairo size 1980,1368 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,9.120000000000001in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-5-demo.'.format

set multiplot
set lmargin at screen 0.1394
set rmargin at screen 0.9758
set bmargin at screen 0.1930
set tmargin at screen 0.9123
set label 'index i' at screen 0.5576, screen 0.0987 center font small textcolor rgb ink
set label 'singular value σ_i' at screen 0.0303, screen 0.5526 center rotate by 90 font small textcolor rgb ink
set key at graph 0.5, screen 0.956140350877193 \
  center center horizontal maxrows 1 \
  width -2
set label 'demo · N = 2,000 items · seed 999' at screen 0.5000, screen 0.0241 center font small textcolor rgb ink
set object 1 rectangle from first 0.5, graph 0 to first 8.5, graph 1 \
  fillcolor rgb shade fillstyle solid noborder behind
set label 'k = 8, λ = 0.9' \
  at graph 0.25, graph 0.955 right font small textcolor rgb ink
set logscale y
set xrange [0.5:32.82]
set yrange [0.0015651037700304597:76.49582854550526]
set ytics ('0.01' 0.01, '0.1' 0.1, '1' 1.0, '10' 10.0)
floor = 1.1980401057477957e-05
plot table using 1:($2 >= floor ? $2 : NaN) with lines linecolor rgb first linewidth 0.9, \
  table using 1:($3 >= floor ? $3 : NaN) with lines linecolor rgb second linewidth 0.9 \
    dashtype (6,3), \
  table using 1:($2 >= floor ? $2 : NaN) with points \
    linecolor rgb first pointtype 7 pointsize 0.28, \
  table using 1:($3 >= floor && $4 == 0 ? $3 : NaN) with points \
    linecolor rgb second pointtype 9 pointsize 0.34, \
  table using 1:($3 >= floor && $4 == 1 ? $3 : NaN) with points linecolor rgb second \
    linewidth 0.8 pointtype 8 pointsize 0.5, \
  NaN with linespoints linecolor rgb first linewidth 0.9 \
    pointtype 7 pointsize 0.4 title 'before', \
  NaN with linespoints linecolor rgb second linewidth 0.9 dashtype (6,3) \
    pointtype 9 pointsize 0.45 title 'after', \
  NaN with points linecolor rgb second linewidth 0.8 pointtype 8 pointsize 0.55 \
    title 'damped', \
  1.4864255361498253 with lines linecolor rgb reference linewidth 1 dashtype (3,3) title 'noise edge'
unset logscale
unset label
unset object
set lmargin at screen 0.5827
set rmargin at screen 0.9632
set bmargin at screen 0.6066
set tmargin at screen 0.8835
set object rectangle from graph -0.18, graph -0.2 to graph 1.033, graph 1.104 \
  fillcolor rgb 'white' fillstyle solid noborder behind noclip
set label 'linear' at graph 0.97, graph 0.86 right font small textcolor rgb ink
set xtics 10.0
set ytics 0,5.0
set xrange [0:32]
set yrange [0:12.699225120926636]
plot table using 1:2 with lines linecolor rgb first linewidth 0.9, \
  table using 1:3 with lines linecolor rgb second linewidth 0.9 dashtype (6,3)
unset label
unset multiplot
unset output
