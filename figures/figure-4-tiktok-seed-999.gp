# Draws figure-4-tiktok-seed-999.png from figure-4-tiktok-seed-999.tsv:  gnuplot figure-4-tiktok-seed-999.gp
# Draws figure-4-tiktok-seed-999.pdf instead:  gnuplot -e "format = 'pdf'" figure-4-tiktok-seed-999.gp
# Command: 11_figure_4
# Data digest: 8c8bf9d3c8c547ebb70811281e99f4a708b0355dd43caeccfa5d9cb5a02520bb
# Seed: 999
# Software: notebook

if (!exists('format')) format = 'png'
table = 'figure-4-tiktok-seed-999.tsv'
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
  set terminal pngcairo size 1980,1307 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,8.719999999999999in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-4-tiktok-seed-999.'.format

set lmargin at screen 0.1515
set rmargin at screen 0.8242
set bmargin at screen 0.2018
set tmargin at screen 0.8807
set label 'redundancy rank k' at screen 0.4879, screen 0.1032 center font small textcolor rgb ink
set label 'strength λ' at screen 0.0545, screen 0.5413 center rotate by 90 font small textcolor rgb ink
set label 'tiktok · 26 trainings · λ = 0: no projection, any k · seed 999' at screen 0.5000, screen 0.0252 center font small textcolor rgb ink
set label 'Recall\@20 on test; frame: best on validation' \
  at screen 0.4879, screen 0.9450 center textcolor rgb ink
unset grid
unset key
set border 0
set palette defined (0 '#F3F7FA', 0.5 '#7FB2D3', 1 '#0B4A75')
set cbrange [0.07804081632653061:0.0950204081632653]
set colorbox user origin 0.8485, 0.2018 \
  size 0.0242, 0.6789 \
  noborder
set cbtics 0.005 scale 0.3 offset -0.6,0 font small \
  textcolor rgb ink
set xrange [0:5]
set yrange [0:6]
set xtics ('2' 0.5, '4' 1.5, '8' 2.5, '16' 3.5, '20' 4.5) scale 0
set ytics ('0' 0.5, '0.3' 1.5, '0.5' 2.5, '0.7' 3.5, '0.9' 4.5, '1' 5.5) scale 0
# Numbers are white where the ground is dark.
dark = 0.08822857142857142
plot table using ($6+$7)/2:($8+$9)/2:6:7:8:9:4 with boxxyerror linecolor palette \
    fillstyle solid noborder, \
  table using ($5 == 1 ? ($6+$7)/2 : NaN):($8+$9)/2:($6+0.03):($7-0.03):($8+0.05):($9-0.05) \
    with boxxyerror linecolor rgb second linewidth 1.6 fillstyle empty, \
  table using ($6+$7)/2:($4 > dark ? NaN : ($8+$9)/2):(sprintf('%.4f', $4)) with labels \
    font small textcolor rgb ink, \
  table using ($6+$7)/2:($4 > dark ? ($8+$9)/2 : NaN):(sprintf('%.4f', $4)) with labels \
    font small textcolor rgb 'white'
unset output
