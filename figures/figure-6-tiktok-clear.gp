# Draws figure-6.png from figure-6.tsv:  gnuplot figure-6.gp
# Draws figure-6.pdf instead:  gnuplot -e "format = 'pdf'" figure-6.gp
# Command: redundancy-report --checkpoint runs/clear-tiktok-999 --baseline runs/clear-off-tiktok-999 --dataset tiktok --output report/checkpoint --only spectrum,swd,tsne
# Data digest: audio_feat.npy=d45a44a9d462f578802de914c2feea5cfd45742b2922775a085b9bdc1beba26f baseline best.safetensors=2411f4a9ef4f98fcebf98512cddce8b4077fafbfca8d7b2ac9c88fd877ceef78 best.safetensors=5bc9d71b8ddff50bcdd0eafba408ab258b1193ec260fb1eeba7696fd134d9c70 image_feat.npy=f6c1ec1726ed2aa80315411199ab2143bee6333821bf58c5f00bd3f5b462efc2 tiktok.inter=48054c5fe837d39910f15f281efaf9eb6f465cc68d994db0a73a305a2784cbcc
# Seed: 999
# Software: redundancy-report 0.1.0

if (!exists('format')) format = 'png'
table = 'figure-6.tsv'
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
set output 'figure-6.'.format

set label 'clear on tiktok · N = 6,710 items · perplexity 30 · seed 999' at screen 0.5000, screen 0.0243 center font small textcolor rgb ink
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
set xrange [-1.9913141421217104:1.9021462796698727]
set yrange [-1.9642320684457912:1.929228353345792]
set xtics 1.0
set ytics 1.0
set format y '%g'
set label 'before projection' center textcolor rgb ink \
  at screen 0.2818, screen 0.9624
set label 'Overlap 0.009 · SWD 1.72' center font small textcolor rgb ink \
  at screen 0.2818, screen 0.9115
set key at screen 0.5000, screen 0.0973 \
  center center horizontal maxrows 1 samplen 0.6 width 0.5
plot table index 8 every ::::shown using 4:5: \
    (is_first(strcol(3)) ? 0.1726448936819622 : 0.21580611710245276): \
    (is_first(strcol(3)) ? 7 : 9): \
    (is_first(strcol(3)) ? first_points : second_points) \
    with points pointsize variable pointtype variable linewidth 0.01 \
    linecolor rgb variable, \
  NaN with points pointtype 7 pointsize 0.6 linewidth 0.01 \
    linecolor rgb first_points \
    title 'image', \
  NaN with points pointtype 9 pointsize 0.6 linewidth 0.01 \
    linecolor rgb second_points \
    title 'audio'
unset label
unset key
unset grid
unset tics
set lmargin at screen 0.1000
set rmargin at screen 0.4485
set bmargin at screen 0.7743
set tmargin at screen 0.8717
set border 1
set xrange [-1.9913141421217104:1.9021462796698727]
set yrange [0:1.2622239428615762]
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
set xrange [0:1.2622239428615762]
set yrange [-1.9642320684457912:1.929228353345792]
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
set xrange [-1.9913141421217104:1.9021462796698727]
set yrange [-1.9642320684457912:1.929228353345792]
set xtics 1.0
set ytics 1.0
set format y ''
set label 'after projection' center textcolor rgb ink \
  at screen 0.7394, screen 0.9624
set label 'Overlap 0.015 · SWD 0.605' center font small textcolor rgb ink \
  at screen 0.7394, screen 0.9115
set key at screen 0.5000, screen 0.0973 \
  center center horizontal maxrows 1 samplen 0.6 width 0.5
plot table index 9 every ::::shown using 4:5: \
    (is_first(strcol(3)) ? 0.1726448936819622 : 0.21580611710245276): \
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
set xrange [-1.9913141421217104:1.9021462796698727]
set yrange [0:1.2622239428615762]
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
set xrange [0:1.2622239428615762]
set yrange [-1.9642320684457912:1.929228353345792]
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
