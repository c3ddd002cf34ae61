# Draws figure-1-tiktok.png from figure-1-tiktok.tsv:  gnuplot figure-1-tiktok.gp
# Draws figure-1-tiktok.pdf instead:  gnuplot -e "format = 'pdf'" figure-1-tiktok.gp
# Command: 01_retrieval_overlap
# Data digest: audio_feat.npy=d45a44a9d462f578802de914c2feea5cfd45742b2922775a085b9bdc1beba26f image_feat.npy=f6c1ec1726ed2aa80315411199ab2143bee6333821bf58c5f00bd3f5b462efc2 tiktok.inter=48054c5fe837d39910f15f281efaf9eb6f465cc68d994db0a73a305a2784cbcc
# Seed: 999
# Software: redundancy-report notebook

if (!exists('format')) format = 'png'
table = 'figure-1-tiktok.tsv'
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
set output 'figure-1-tiktok.'.format

set multiplot
set lmargin at screen 0.1030
set rmargin at screen 0.4697
set bmargin at screen 0.2115
set tmargin at screen 0.8558
set label 'Scores (OVL 0.24)' \
  at screen 0.2864, screen 0.9567 center textcolor rgb ink
set key at screen 0.2864, screen 0.8990 \
  center center horizontal maxrows 1 width 0.5
set label 'tiktok · N = 6,710 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
set label 'cosine to the 20 nearest items' at screen 0.2864, screen 0.1082 center font small textcolor rgb ink
set label 'density' at screen 0.0303, screen 0.5337 center rotate by 90 font small textcolor rgb ink
set xtics 0.1
set ytics 20.0
set yrange [0:*]
plot table index 0 using 3:4 with filledcurves y=0 fillcolor rgb first \
    fillstyle transparent solid 0.18 noborder, \
  table index 1 using 3:4 with filledcurves y=0 fillcolor rgb second \
    fillstyle transparent solid 0.18 noborder, \
  table index 0 using 3:4 with lines linecolor rgb first linewidth 1.2 \
    title 'image', \
  table index 1 using 3:4 with lines linecolor rgb second linewidth 1.2 dashtype (8,4) \
    title 'audio'
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
set label 'tiktok · N = 6,710 items · bars: 95 % · seed 999' at screen 0.5000, screen 0.0264 center font small textcolor rgb ink
set label '×10' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 5, first 0.008782768541706641
set label '×5.3' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 10, first 0.00872042934544487
set label '×3.2' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 20, first 0.010218277477550837
set label '×2.1' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 50, first 0.016285670129947895
set label '×1.7' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 100, first 0.025589062050992453
set label '×1.4' center offset 0,0.6 font ',5' textcolor rgb ink \
  at first 200, first 0.042983391760601126
set logscale xy
set xrange [3.58743966047265:278.75033300720344]
set yrange [0.0005388068828749691:0.10488615027079996]
set xtics ('5' 5, '10' 10, '20' 20, '50' 50, '100' 100, '200' 200)
set ytics ('0.001' 0.001, '0.01' 0.01, '0.1' 0.1)
set label 'list length K' at screen 0.8030, screen 0.1082 center font small textcolor rgb ink
set label 'share of common items' at screen 0.5121, screen 0.5337 center rotate by 90 font small textcolor rgb ink
floor = 0.0005388068828749691
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
