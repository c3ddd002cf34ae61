# Draws figure-1-baby.png from figure-1-baby.tsv:  gnuplot figure-1-baby.gp
# Draws figure-1-baby.pdf instead:  gnuplot -e "format = 'pdf'" figure-1-baby.gp
# Command: 01_retrieval_overlap
# Data digest: baby.inter=201c3ac4c93f266b919a2f3989c651acbbce5467a64a9fd282029cc5ca0ed7ba image_knn10_cos.npy=dbdd2565468a25b2b7c4514f6c80821a6de723bb11bf120c2012262221e1d6fb image_knn10_idx.npy=ef7e93a95e3947a5ee7d7e5347ca0f767f8830219333290e2a9f9ed1e4366e83 text_knn10_cos.npy=d6873e626e0cd7c7adc54f6e21525c92e29dd2ea09ca313ff3f9e6e764a57353 text_knn10_idx.npy=4bb6139e55ce907ea9ad2155cbc5edb4f35b9c1442d1c72fb0e512c323ff60f0
# Seed: 999
# Software: redundancy-report notebook

if (!exists('format')) format = 'png'
table = 'figure-1-baby.tsv'
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
  set terminal pngcairo size 1980,1248 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,8.32in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-1-baby.'.format

set multiplot
set lmargin at screen 0.1030
set rmargin at screen 0.4697
set bmargin at screen 0.2115
set tmargin at screen 0.8558
set label 'Scores (OVL 0.59)' \
  at screen 0.2864, screen 0.9567 center textcolor rgb ink
set key at screen 0.2864, screen 0.8990 \
  center center horizontal maxrows 1 width 0.5
set label 'baby · N = 7,050 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
set label 'cosine to the 9 nearest items' at screen 0.2864, screen 0.1082 center font small textcolor rgb ink
set label 'density' at screen 0.0303, screen 0.5337 center rotate by 90 font small textcolor rgb ink
set xtics 0.2
set ytics 1.0
set yrange [0:*]
plot table index 0 using 3:4 with filledcurves y=0 fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 1 using 3:4 with filledcurves y=0 fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 0 using 3:4 with lines linecolor rgb first linewidth 1.2 \
    title 'image', \
  table index 1 using 3:4 with lines linecolor rgb second linewidth 1.2 dashtype (8,4) \
    title 'text'
unset label
set autoscale
set lmargin at screen 0.6212
set rmargin at screen 0.9848
set bmargin at screen 0.2115
set tmargin at screen 0.8558
set label 'Overlap of top-K lists' \
  at screen 0.8030, screen 0.9567 center textcolor rgb ink
set key at screen 0.8030, screen 0.8990 \
  center center horizontal maxrows 1 width -1.0
set label 'baby · N = 7,050 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
set label '×989' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 1, first 0.14839093647779933
set label '×493' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 2, first 0.14593926235098562
set label '×176' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 5, first 0.1293454306129948
set label '×91' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 9, first 0.12028336851856913
set logscale xy
set xrange [0.8205747973105443:10.967921546576545]
set yrange [8.13410358206029e-05:0.6850228378253045]
set xtics ('1' 1, '2' 2, '5' 5, '9' 9)
set ytics ('10^{-4}' 0.0001, '0.001' 0.001, '0.01' 0.01, '0.1' 0.1)
set label 'list length K' at screen 0.8030, screen 0.1082 center font small textcolor rgb ink
set label 'share of common items' at screen 0.5121, screen 0.5337 center rotate by 90 font small textcolor rgb ink
floor = 8.13410358206029e-05
clipped(low) = low > floor ? low : floor
plot table index 3 using 3:4 with linespoints linecolor rgb reference \
    linewidth 0.9 dashtype (4,3) pointtype 2 pointsize 0.35 title 'random', \
  table index 2 using 3:($4 > 0 ? clipped($5) : NaN):(0):($6 - clipped($5)) \
    with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.9, \
  table index 2 using 3:($4 > 0 ? $4 : NaN) with linespoints linecolor rgb ink \
    linewidth 0.9 pointtype 7 pointsize 0.4 title 'measured'
unset label
unset logscale
unset multiplot
unset output
