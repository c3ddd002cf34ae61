# Draws figure-5-baseline.png from figure-5-baseline.tsv:  gnuplot figure-5-baseline.gp
# Draws figure-5-baseline.pdf instead:  gnuplot -e "format = 'pdf'" figure-5-baseline.gp
# Command: redundancy-report --checkpoint runs/clear-tiktok-999 --baseline runs/clear-off-tiktok-999 --dataset tiktok --output report/checkpoint --only spectrum,swd,tsne
# Data digest: audio_feat.npy=d45a44a9d462f578802de914c2feea5cfd45742b2922775a085b9bdc1beba26f baseline best.safetensors=2411f4a9ef4f98fcebf98512cddce8b4077fafbfca8d7b2ac9c88fd877ceef78 best.safetensors=5bc9d71b8ddff50bcdd0eafba408ab258b1193ec260fb1eeba7696fd134d9c70 image_feat.npy=f6c1ec1726ed2aa80315411199ab2143bee6333821bf58c5f00bd3f5b462efc2 tiktok.inter=48054c5fe837d39910f15f281efaf9eb6f465cc68d994db0a73a305a2784cbcc
# Seed: 999
# Software: redundancy-report 0.1.0

if (!exists('format')) format = 'png'
table = 'figure-5-baseline.tsv'
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
  set terminal pngcairo size 1980,1224 \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 6.25 \
    linewidth 6.25 pointscale 6.25
} else {
  set terminal pdfcairo size 13.2in,8.16in \
    background rgb 'white' font 'DejaVu Sans,6.5' fontscale 3.0 \
    linewidth 5.0 pointscale 3.12
}
set output 'figure-5-baseline.'.format

set multiplot
set label 'projected: clear, epoch 60, seed 999' at screen 0.5000, screen 0.0270 center font small textcolor rgb ink
set label 'clear on tiktok · N = 6,710 items · λ = 0: clear, epoch 58, seed 999' at screen 0.5000, screen 0.0760 center font small textcolor rgb ink
set lmargin at screen 0.1273
set rmargin at screen 0.4848
set bmargin at screen 0.2647
set tmargin at screen 0.8824
set label 'index i' at screen 0.3061, screen 0.1593 center font small textcolor rgb ink
set label 'singular value σ_i' at screen 0.0182, screen 0.5735 center rotate by 90 font small textcolor rgb ink
set object 1 rectangle from first 0.5, graph 0 to first 4.5, graph 1 \
  fillcolor rgb shade fillstyle solid noborder behind
set label 'k = 4, λ = 0.9' at graph 0.97, graph 0.93 right \
  font small textcolor rgb ink
set key at screen 0.3061, screen 0.9510 center center
set logscale y
set xrange [0.5:65.14]
set xtics 20.0
set yrange [5.368711259144535e-06:1.279591122390939]
set ytics ('10^{-5}' 1e-05, '10^{-4}' 0.0001, '0.001' 0.001, '0.01' 0.01, '0.1' 0.1, '1' 1.0)
floor = 2.981668216168577e-07
plot table index 0 using 2:($3 >= floor ? $3 : NaN) with linespoints \
    linecolor rgb first linewidth 0.9 pointtype 7 pointsize 0.22 \
    title 'λ = 0 run', \
  table index 0 using 2:($4 >= floor ? $4 : NaN) with linespoints \
    linecolor rgb second linewidth 0.9 dashtype (6,3) pointtype 9 pointsize 0.28 \
    title ''
unset label
unset object
set lmargin at screen 0.6303
set rmargin at screen 0.9879
set bmargin at screen 0.2647
set tmargin at screen 0.8824
set label 'index i' at screen 0.8091, screen 0.1593 center font small textcolor rgb ink
set label 'σ_i / (rms‖v̄‖ · rms‖t̄‖)' at screen 0.5212, screen 0.5735 center rotate by 90 font small textcolor rgb ink
set object 1 rectangle from first 0.5, graph 0 to first 4.5, graph 1 \
  fillcolor rgb shade fillstyle solid noborder behind
set label 'k = 4, λ = 0.9' at graph 0.97, graph 0.93 right \
  font small textcolor rgb ink
set key at screen 0.8091, screen 0.9510 center center
set logscale y
set xrange [0.5:65.14]
set xtics 20.0
set yrange [7.261853890835965e-07:0.17308071383027665]
set ytics ('10^{-6}' 1e-06, '10^{-5}' 1e-05, '10^{-4}' 0.0001, '0.001' 0.001, '0.01' 0.01, '0.1' 0.1)
floor = 4.033079428491347e-08
plot table index 1 using 2:($3 >= floor ? $3 : NaN) with linespoints \
    linecolor rgb first linewidth 0.9 pointtype 7 pointsize 0.22 \
    title '', \
  table index 1 using 2:($4 >= floor ? $4 : NaN) with linespoints \
    linecolor rgb second linewidth 0.9 dashtype (6,3) pointtype 9 pointsize 0.28 \
    title 'projected run'
unset label
unset object
unset multiplot
unset output
