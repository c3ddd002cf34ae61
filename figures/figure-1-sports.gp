# Draws figure-1-sports.png from figure-1-sports.tsv:  gnuplot figure-1-sports.gp
# Draws figure-1-sports.pdf instead:  gnuplot -e "format = 'pdf'" figure-1-sports.gp
# Command: 01_retrieval_overlap
# Data digest: image_knn10_cos.npy=9cdbe22565e1ab492845b1916dbbf06b559ec03b300acd86debdc4377cc8a635 image_knn10_idx.npy=38d02c8f886e19aabe44fe38aa3dfa59becbaedcbcb40b3cf08500fbbe34009c sports.inter=6948d25f5e0f1798b123566b0ef083d80cf567ba0ba7fbe618879e86c205cbe4 text_knn10_cos.npy=08a5da1930b8aafcba44d08f44d5052e33496d61fb3fe52d2badc32f1d98dee5 text_knn10_idx.npy=cfd693c7edbd35918a38be4de5d0f634b8afe359e4580d4f59add3b40beb13bf
# Seed: 999
# Software: redundancy-report notebook

if (!exists('format')) format = 'png'
table = 'figure-1-sports.tsv'
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
set output 'figure-1-sports.'.format

set multiplot
set lmargin at screen 0.1030
set rmargin at screen 0.4697
set bmargin at screen 0.2115
set tmargin at screen 0.8558
set label 'Scores (OVL 0.71)' \
  at screen 0.2864, screen 0.9567 center textcolor rgb ink
set key at screen 0.2864, screen 0.8990 \
  center center horizontal maxrows 1 width 0.5
set label 'sports · N = 18,357 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
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
set label 'sports · N = 18,357 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
set label '×2,477' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 1, first 0.1398774808945508
set label '×1,227' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 2, first 0.13735529666531213
set label '×451' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 5, first 0.12547685308450307
set label '×236' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 9, first 0.11814029803998692
set logscale xy
set xrange [0.8205747973105443:10.967921546576545]
set yrange [2.9070994092311348e-05:0.7867622064705729]
set xtics ('1' 1, '2' 2, '5' 5, '9' 9)
set ytics ('10^{-4}' 0.0001, '0.001' 0.001, '0.01' 0.01, '0.1' 0.1)
set label 'list length K' at screen 0.8030, screen 0.1082 center font small textcolor rgb ink
set label 'share of common items' at screen 0.5121, screen 0.5337 center rotate by 90 font small textcolor rgb ink
floor = 2.9070994092311348e-05
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
