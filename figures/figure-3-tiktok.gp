# Draws figure-3-tiktok.png from figure-3-tiktok.tsv:  gnuplot figure-3-tiktok.gp
# Draws figure-3-tiktok.pdf instead:  gnuplot -e "format = 'pdf'" figure-3-tiktok.gp
# Command: 07_figure_3
# Data digest: 8c8bf9d3c8c547ebb70811281e99f4a708b0355dd43caeccfa5d9cb5a02520bb
# Seed: 999 1000 1001
# Software: notebook

if (!exists('format')) format = 'png'
table = 'figure-3-tiktok.tsv'
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
  set terminal pngcairo size 1980,1926 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,12.84in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-3-tiktok.'.format

set multiplot
set label 'mean ± standard deviation · 3 seeds · axes do not begin at zero' at screen 0.5000, screen 0.0171 center font small textcolor rgb ink
set object rectangle from screen 0.0424, screen 0.1371 to screen 0.0788, screen 0.1558 fillcolor rgb '#0072B2' \
  fillstyle solid 0.75 border linecolor rgb '#0072B2' \
  linewidth 0.6
set label 'projection off' at screen 0.0909, screen 0.1464 left font small \
  textcolor rgb ink
set object rectangle from screen 0.3636, screen 0.1371 to screen 0.4000, screen 0.1558 fillcolor rgb '#D55E00' \
  fillstyle solid 0.35 border linecolor rgb '#D55E00' \
  linewidth 0.6
set label 'CLEAR' at screen 0.4121, screen 0.1464 left font small \
  textcolor rgb ink
set object rectangle from screen 0.6848, screen 0.1371 to screen 0.7212, screen 0.1558 fillcolor rgb '#009E73' \
  fillstyle solid 0.75 border linecolor rgb '#009E73' \
  linewidth 0.6
set label 'λ = 1' at screen 0.7333, screen 0.1464 left font small \
  textcolor rgb ink
set object rectangle from screen 0.0424, screen 0.0966 to screen 0.0788, screen 0.1153 fillcolor rgb '#CC79A7' \
  fillstyle solid 0.35 border linecolor rgb '#CC79A7' \
  linewidth 0.6
set label 'dynamic rank' at screen 0.0909, screen 0.1059 left font small \
  textcolor rgb ink
set object rectangle from screen 0.3636, screen 0.0966 to screen 0.4000, screen 0.1153 fillcolor rgb '#E69F00' \
  fillstyle solid 0.75 border linecolor rgb '#E69F00' \
  linewidth 0.6
set label 'random directions' at screen 0.4121, screen 0.1059 left font small \
  textcolor rgb ink
set object rectangle from screen 0.6848, screen 0.0966 to screen 0.7212, screen 0.1153 fillcolor rgb '#56B4E9' \
  fillstyle solid 0.35 border linecolor rgb '#56B4E9' \
  linewidth 0.6
set label 'trailing directions' at screen 0.7333, screen 0.1059 left font small \
  textcolor rgb ink
set object rectangle from screen 0.0424, screen 0.0561 to screen 0.0788, screen 0.0748 fillcolor rgb '#222222' \
  fillstyle solid 0.75 border linecolor rgb '#222222' \
  linewidth 0.6
set label 'first modality only' at screen 0.0909, screen 0.0654 left font small \
  textcolor rgb ink
set lmargin at screen 0.1515
set rmargin at screen 0.9818
set bmargin at screen 0.6386
set tmargin at screen 0.9377
set label 'Recall\@20' at screen 0.5667, screen 0.9657 center textcolor rgb ink
unset key
set grid noxtics
set xrange [0:1]
set yrange [0.07:0.0975737590870465]
set xtics ('tiktok' 0.5) scale 0
set ytics 0.01
plot table index 0 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#0072B2' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 1 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#D55E00' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 2 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#009E73' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 3 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#CC79A7' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 4 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#E69F00' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 5 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#56B4E9' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 6 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#222222' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 0 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 1 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 2 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 3 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 4 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 5 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 6 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8
unset label
unset arrow
unset object
set lmargin at screen 0.1515
set rmargin at screen 0.9818
set bmargin at screen 0.2212
set tmargin at screen 0.5202
set label 'NDCG\@20' at screen 0.5667, screen 0.5483 center textcolor rgb ink
unset key
set grid noxtics
set xrange [0:1]
set yrange [0.03:0.04249717592526814]
set xtics ('tiktok' 0.5) scale 0
set ytics 0.005
plot table index 7 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#0072B2' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 8 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#D55E00' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 9 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#009E73' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 10 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#CC79A7' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 11 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#E69F00' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 12 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#56B4E9' linewidth 0.6 fillstyle solid 0.35 border, \
  table index 13 using 4:5:(0.0982857142857143) with boxes linecolor rgb '#222222' linewidth 0.6 fillstyle solid 0.75 border, \
  table index 7 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 8 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 9 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 10 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 11 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 12 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8, \
  table index 13 using (strcol(6) eq '' ? NaN : $4):7:(0):($8 - $7) with vectors heads size screen 0.006,90 linecolor rgb ink linewidth 0.8
unset label
unset arrow
unset object
unset multiplot
unset output
